import type { Random } from '../run/random';

/** One thing that a random walk may do. */
export interface ChaosMove {
  /** Name of an accident of the catalogue, or of an operation. */
  what: string;
  /** Roles that it may be done to; none: of an operation. */
  on: readonly string[];
  options?: Record<string, unknown>;
  /** ms that it is left as it is at most, by whom it is done to, where that is less than for the others. */
  longestMs?: Readonly<Record<string, number>>;
  /** How often it comes, beside the others. */
  weight: number;
}

/** One step of a random walk. */
export interface ChaosStep {
  what: string;
  on?: string;
  options: Record<string, unknown>;
  /** ms that what struck is left as it is before it is undone. */
  dwellMs: number;
}

/** Longest time that an accident is left alone: beyond ttl (20 s in the clusters of ours), so that failovers come, too. */
const LONGEST_MS = 30_000;

/**
 * So that a frozen leader still has its key when it thaws. Later it may take it back from its successor (Patroni 3.0), and nobody comes
 * through that without help: the others have a timeline that is no more, whose history lies in the archive, and `/sync` names a leader
 * that is none. The drill `freeze-leader` is about that.
 */
const WITHIN_TTL_MS = 10_000;

/**
 * What a walk may meet: a cluster of three has to come through each of them without anybody's help, under synchronous mode
 * without losing an acknowledged write.
 */
export const chaosMoves: readonly ChaosMove[] = [
  { what: 'switchover', on: [], weight: 3 },
  { what: 'backup', on: [], weight: 2 },
  { what: 'kill-postmaster', on: ['leader', 'replica'], weight: 4 },
  { what: 'kill-container', on: ['leader', 'replica'], weight: 4 },
  { what: 'kill-patroni', on: ['leader', 'replica'], weight: 2 },
  { what: 'freeze-member', on: ['leader', 'replica'], longestMs: { leader: WITHIN_TTL_MS }, weight: 3 },
  { what: 'partition-member', on: ['leader', 'replica'], options: { from: 'etcd' }, weight: 3 },
];

/**
 * A step of a walk, by its number: the same seed gives the same steps in the same order, however long each takes. Pure.
 * @param random of the run; each step draws from a generator of its own
 * @param index from 0
 */
export function chaosStep(random: Random, index: number, moves: readonly ChaosMove[] = chaosMoves): ChaosStep {
  const own = random.derive(`chaos step ${index}`);
  const whole = moves.reduce((sum, { weight }) => sum + weight, 0);
  let left = own.next() * whole;
  const move = moves.find(({ weight }) => (left -= weight) < 0) ?? moves.at(-1)!;
  const on = move.on.length === 0 ? undefined : move.on[own.integer(0, move.on.length - 1)];
  return {
    what: move.what,
    ...(on === undefined ? {} : { on }),
    options: move.options ?? {},
    dwellMs: own.integer(0, move.longestMs?.[on ?? ''] ?? LONGEST_MS),
  };
}

/** One line for people. */
export function chaosWords({ what, on, dwellMs }: ChaosStep): string {
  return on === undefined ? what : `${what} on ${on}, undone after ${(dwellMs / 1000).toFixed(1)} s`;
}

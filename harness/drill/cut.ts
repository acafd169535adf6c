import type { Random } from '../run/random';

/** Where the process of a recovery is killed, and what another does then. */
export interface Cut {
  /** A step of the plan; `anywhere`: one that the seed chooses. */
  at: string;
  /** Inside the step, after a time that the seed chooses; default: as soon as it begins. */
  inside?: boolean;
  /** Default: `resume`; with `anywhere` the seed chooses. */
  then?: 'resume' | 'rollback';
  /** Rolls back even where writes are thrown away, once that was refused without. */
  force?: boolean;
  /** Code by which a rollback without force has to be refused. */
  refused?: string;
  /** The rollback's process is killed, too, and another one finishes it; with `anywhere` the seed chooses. */
  killRollback?: boolean;
}

/** A cut in all detail. */
export interface ExactCut {
  at: string;
  /** ms after the step has begun; 0 for at once. A step that ends before is cut off at its end. */
  afterMs: number;
  then: 'resume' | 'rollback';
  force: boolean;
  refused?: string;
  /** The seed chose it. */
  anywhere: boolean;
  /** Where the rollback's process is killed: in which of the steps that it takes back, counted from 0, and how long after it began, ms. */
  rollbackKilled?: { undo: number; afterMs: number };
}

/** Steps of a recovery of `thai:tiny` take from 0.2 s (clear-dcs) to some seconds (rejoin). */
const LONGEST_MS = 3000;
/** A rollback takes back up to this many steps of a recovery. A number that is not reached kills nothing. */
const MOST_UNDONE = 4;

/**
 * What a seed makes of a cut.
 * @param steps ids of the plan's steps
 */
export function chooseCut(cut: Cut, steps: readonly string[], random: Random): ExactCut {
  const anywhere = cut.at === 'anywhere';
  const inside = cut.inside ?? anywhere;
  const chosen: ExactCut = {
    anywhere,
    at: anywhere ? steps[random.integer(0, steps.length - 1)]! : cut.at,
    // The square: short times are as likely to fall into a step as long ones.
    afterMs: inside ? Math.max(1, Math.round(LONGEST_MS * random.next() ** 2)) : 0,
    then: cut.then ?? (anywhere && random.next() < 0.5 ? 'rollback' : 'resume'),
    force: cut.force ?? anywhere,
    ...(cut.refused === undefined ? {} : { refused: cut.refused }),
  };
  if (chosen.then !== 'rollback' || !(cut.killRollback ?? (anywhere && random.next() < 0.5))) return chosen;
  const afterMs = Math.round(LONGEST_MS * random.next() ** 2);
  return { ...chosen, rollbackKilled: { undo: random.integer(0, MOST_UNDONE - 1), afterMs } };
}

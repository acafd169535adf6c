import type { Accident } from '../accidents/accident';
import type { Dataset } from '../../fixtures/dataset';
import type { Check } from '../checks/check';
import type { Cluster } from '../cluster/cluster';
import { leastWalBytes, type MemberDisks } from '../cluster/description';
import { PgdrillError } from '../record/errors';
import type { Incident } from '../record/incident';
import type { RecoveryResult } from '../record/recovery';
import type { Expectation } from '../record/verdict';
import type { Recovery } from '../recovery/recovery';
import type { Run } from '../run/run';

/** What is done to the sound cluster before the accident; returns one line of what was done. */
export type Before = (context: { run: Run; cluster: Cluster; database: string }) => Promise<string>;

/**
 * Spoils a cluster that was recovered, after the switchover and right before it is observed; returns one line of what was
 * done. How a live sabotage shows the checks something that no part of the recovery does.
 */
export type Spoil = (context: {
  run: Run;
  cluster: Cluster;
  database: string;
  incident: Incident;
  recovery: RecoveryResult;
}) => Promise<string>;

export interface EpisodeSpec {
  /** An operation after the base backup and before the accident: a switchover, writes of one's own. */
  before?: Before;
  accident: Accident | Accident['strike'];
  recovery: Recovery | Recovery['recover'];
  /** For sabotage. */
  spoil?: Spoil;
  /** Default: `recovered()`. */
  expect?: Expectation;
}

export interface ObjectivesSpec {
  /** ms from the accident to the first acknowledged write on the recovered leader. */
  rtoWritesMs?: number;
  /** ms from the accident until every member streams on the new timeline. */
  rtoFullMs?: number;
  /** Acknowledged writes before the target that may be missing. Default 0. */
  lostWrites?: number;
}

interface CommonSpec {
  /** Unique, kebab-case; how the drill is chosen on the command line. */
  id: string;
  /** One line for people. */
  title: string;
  labels?: string[];
  dataset?: Dataset;
  /** Patroni members, 1 to 5. Default 3. */
  nodes?: number;
  /** File systems of the members that are not the engine's own: one that can fill, one that can lose its power. */
  disks?: MemberDisks;
  /** Concurrent ledger writers, 1 to 64. Default 4. */
  writers?: number;
  /** Commits a second that the writers together aim at, 1 to 2,000. Default 100. */
  writesPerSecond?: number;
  /** Restores the fresh backup aside after the recovery and judges it too; `--deep` does it in every drill. */
  deep?: boolean;
  objectives?: ObjectivesSpec;
  /** Checks beyond the standard ones. */
  checks?: Check[];
}

/** A drill of one episode, written flat. */
export type DrillSpec = CommonSpec & EpisodeSpec;

/** One accident, recovery and expectation, complete. */
export interface Episode {
  before?: Before;
  accident: Accident;
  recovery: Recovery;
  spoil?: Spoil;
  expect: Expectation;
}

/** A drill as the harness takes it: what `defineDrill` returns. */
export interface Drill extends CommonSpec {
  readonly format: 1;
  readonly nodes: number;
  readonly writers: number;
  readonly writesPerSecond: number;
  readonly deep: boolean;
  readonly labels: string[];
  readonly checks: Check[];
  readonly objectives: ObjectivesSpec & { lostWrites: number };
  /** One, in this version. */
  readonly episodes: readonly [Episode];
}

/**
 * Describes a drill. Pure: returns data, registers nothing, needs nothing of Jest.
 * @throws PGDRILL_DRILL_INVALID naming what is wrong with the description
 */
export function defineDrill(spec: DrillSpec): Drill {
  const refuse = (what: string): never => {
    throw new PgdrillError(
      'PGDRILL_DRILL_INVALID',
      `drill "${spec.id}": ${what}`,
      'mend the drill file; docs/writing-a-drill.md has the form',
    );
  };
  // Drill files are run without a type check: what is missing must be found here.
  if (typeof spec.id !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(spec.id))
    refuse('its id is not lower-case words joined by hyphens');
  if (typeof spec.title !== 'string' || spec.title.trim() === '') refuse('it has no title');
  const nodes = spec.nodes ?? 3;
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > 5) refuse(`nodes is ${nodes}; it must be 1 to 5`);
  const { walBytes } = spec.disks ?? {};
  if (walBytes !== undefined && !(Number.isInteger(walBytes) && walBytes >= leastWalBytes))
    refuse(`disks.walBytes is ${walBytes}; it must be ${leastWalBytes} at least`);
  const writers = spec.writers ?? 4;
  if (!Number.isInteger(writers) || writers < 1 || writers > 64) refuse(`writers is ${writers}; it must be 1 to 64`);
  const writesPerSecond = spec.writesPerSecond ?? 100;
  if (!(writesPerSecond >= 1 && writesPerSecond <= 2000))
    refuse(`writesPerSecond is ${writesPerSecond}; it must be 1 to 2000`);
  if (spec.before !== undefined && typeof spec.before !== 'function') refuse('its before is not a function');
  if (spec.spoil !== undefined && typeof spec.spoil !== 'function') refuse('its spoil is not a function');
  if (!spec.accident) refuse('it has no accident');
  const accident = asAccident(spec.accident);
  if (typeof accident.strike !== 'function') refuse('its accident is neither an accident nor a function');
  if (!spec.recovery) refuse('it has no recovery');
  const recovery = asRecovery(spec.recovery);
  if (typeof recovery.recover !== 'function') refuse('its recovery is neither a recovery nor a function');
  for (const [name, limit] of Object.entries(spec.objectives ?? {})) {
    if (limit !== undefined && !(typeof limit === 'number' && limit >= 0)) refuse(`objective ${name} is ${limit}`);
  }
  return {
    format: 1,
    id: spec.id,
    title: spec.title,
    labels: spec.labels ?? [],
    ...(spec.dataset ? { dataset: spec.dataset } : {}),
    nodes,
    ...(spec.disks ? { disks: spec.disks } : {}),
    writers,
    writesPerSecond,
    deep: spec.deep ?? false,
    objectives: { ...spec.objectives, lostWrites: spec.objectives?.lostWrites ?? 0 },
    checks: spec.checks ?? [],
    episodes: [
      {
        ...(spec.before ? { before: spec.before } : {}),
        accident,
        recovery,
        ...(spec.spoil ? { spoil: spec.spoil } : {}),
        expect: spec.expect ?? recovered(),
      },
    ],
  };
}

/** Everything the standard checks ask for holds after the recovery. */
export function recovered(): Expectation {
  return { kind: 'recovered' };
}

/** The recovery is refused with this code, and nothing was changed. */
export function refused(code: `PGDRILL_${string}`): Expectation {
  return { kind: 'refused', code };
}

/**
 * A live sabotage: the checks must say this outcome, by exactly these checks and no other.
 * @param options.unverified of a failed verdict: the checks that must be unverified beside, exactly these; any may be
 * where it is left out
 */
export function verdict(
  outcome: 'failed' | 'unverified',
  options: { by: string | string[]; unverified?: string | string[] },
): Expectation {
  const { by, unverified } = options;
  return {
    kind: 'verdict',
    outcome,
    by: [by].flat(),
    ...(unverified === undefined ? {} : { unverified: [unverified].flat() }),
  };
}

/** A function may stand wherever a building block stands. */
function asAccident(accident: Accident | Accident['strike']): Accident {
  return typeof accident === 'function'
    ? { name: accident.name || 'accident', title: accident.name || 'accident given as a function', strike: accident }
    : accident;
}

function asRecovery(recovery: Recovery | Recovery['recover']): Recovery {
  return typeof recovery === 'function'
    ? { name: recovery.name || 'recovery', title: recovery.name || 'recovery given as a function', recover: recovery }
    : recovery;
}

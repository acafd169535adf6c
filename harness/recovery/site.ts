import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import type { BackupRef } from '../record/backup-ref';
import type { PgdrillError } from '../record/errors';
import type { JournalStep, PitrRequest } from '../record/journal';
import type { PitrPlan, RecoveryResult, RecoveryTarget } from '../record/recovery';
import type { Run } from '../run/run';

/** What an isolated node shows that stands at its target, readable and not promoted. */
export interface Look {
  node: string;
  target: RecoveryTarget;
  /** Up to where was replayed: the end of the last record that is in. */
  lsn: string;
  /** Time of the last commit or abort that is in; absent where none was replayed since the backup. */
  lastCommit?: string;
  /** PostgreSQL's own words about where it stopped (server log). */
  stop: string[];
  /** What the caller's check finds there, or why it finds fault. */
  found: string[];
  /** Why the target that was given at the last look cannot be gone forward to. */
  refused?: PgdrillError;
}

/** How to go on from there: promote it; leave it as it is, to be asked again; or replay further, to a later target. */
export type LookDecision = 'promote' | 'stay' | { forward: RecoveryTarget };

/**
 * What the steps of one recovery share: where they work, what was planned, and what they found on their way. All of it but
 * the handles is kept in the journal, so that another process can go on.
 */
export interface Site {
  readonly run: Run;
  readonly cluster: Cluster;
  readonly episode: number;
  readonly request: PitrRequest;
  readonly plan: PitrPlan;
  readonly backup: BackupRef;
  /** The member that is recovered on. */
  readonly node: PatroniNode;
  checkThere(node: string): Promise<string[]>;
  /** Asked at the target, where the plan pauses there. Absent: it stays, and the recovery waits. */
  decide?(look: Look): Promise<LookDecision>;
  /** Filled by the steps. */
  readonly result: Partial<RecoveryResult>;
  /** Settings of the restored postgresql.auto.conf that are not about recovery. */
  ownSettings: Record<string, string>;
  /** Steps that have begun, in this process or in an earlier one. */
  steps: JournalStep[];
  /**
   * Writes the journal as it is now. For a step that has put something into `result` which has to be known before it goes
   * on: above all `rejoinBegun`, before a member's data is touched, for a rollback has to know whose data is gone.
   */
  save(): Promise<void>;
}

/** Does one step, waits until its effect is there, and returns one line of what was found or made. */
export type StepAction = (site: Site) => Promise<string>;

/** One step of a recovery. */
export interface Step {
  /** Does it. Also where an earlier try was cut off anywhere in its middle, with commands of it still at work. */
  do: StepAction;
  /** Takes it back, finished or cut off anywhere. Absent where there is nothing to take back. */
  undo?: StepAction;
}

import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import type { BackupRef } from '../record/backup-ref';
import type { JournalStep, PitrRequest } from '../record/journal';
import type { PitrPlan, RecoveryResult } from '../record/recovery';
import type { Run } from '../run/run';

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
  /** Filled by the steps. */
  readonly result: Partial<RecoveryResult>;
  /** Settings of the restored postgresql.auto.conf that are not about recovery. */
  ownSettings: Record<string, string>;
  /** Steps that have begun, in this process or in an earlier one. */
  steps: JournalStep[];
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

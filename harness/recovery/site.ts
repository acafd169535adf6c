import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import type { BackupRef } from '../record/backup-ref';
import type { RecoveryPlan, RecoveryResult } from '../record/recovery';
import type { Run } from '../run/run';
import type { PitrFacts, PitrRequest } from './plan/facts';

/** What the steps of one recovery share: where they work, what was planned, and what they found on their way. */
export interface Site {
  run: Run;
  cluster: Cluster;
  episode: number;
  request: PitrRequest;
  facts: PitrFacts;
  plan: RecoveryPlan;
  backup: BackupRef;
  /** The member that is recovered on. */
  node: PatroniNode;
  checkThere(node: string): Promise<string[]>;
  /** Filled by the steps. */
  result: Partial<RecoveryResult>;
  /** Settings of the restored postgresql.auto.conf that are not about recovery. */
  ownSettings: Record<string, string>;
}

/** Does one step, waits until its effect is there, and returns one line of what was found or made. */
export type StepAction = (site: Site) => Promise<string>;

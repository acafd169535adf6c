import type { Cluster } from '../cluster/cluster';
import type { BackupRef } from '../record/backup-ref';
import type { Incident } from '../record/incident';
import type { RecoveryResult } from '../record/recovery';
import type { Run } from '../run/run';

/** What a recovery gets to act with. */
export interface RecoverContext {
  run: Run;
  cluster: Cluster;
  episode: number;
  /** The dataset's database. */
  database: string;
  backup: BackupRef;
  incident: Incident;
  /**
   * The recovery's check on the way: called with the name of the isolated node while it runs outside Patroni, before
   * anything else changes. Returns what was found, in words; throws to stop the recovery there.
   */
  checkThere(node: string): Promise<string[]>;
}

/** How it is put right. */
export interface Recovery {
  name: string;
  title: string;
  recover(context: RecoverContext): Promise<RecoveryResult>;
}

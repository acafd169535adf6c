import type { Cluster } from '../cluster/cluster';
import type { Ledger } from '../observe/ledger/ledger';
import type { BackupRef } from '../record/backup-ref';
import type { Baseline } from '../record/fingerprint';
import type { Incident } from '../record/incident';
import type { RecoveryResult } from '../record/recovery';
import type { Run } from '../run/run';
import type { Drill } from './spec';

/** What an episode is played with. */
export interface Play {
  drill: Drill;
  run: Run;
  cluster: Cluster;
  ledger: Ledger;
  backup: BackupRef;
  baseline: Baseline;
  /** The dataset's database. */
  database: string;
  /** Whether the fresh backup is restored aside too. */
  deep: boolean;
}

/** What one episode showed before evidence is gathered. */
export interface Played {
  incident: Incident;
  recovery: RecoveryResult;
  switchover?: { from: string; to: string; startedAt: string; durationMs: number };
}

import type { Cluster } from '../cluster/cluster';
import type { Engine } from '../engine/connect';
import type { TakenBaseline } from '../observe/collectors/baseline';
import type { NotedArchive } from '../observe/collectors/source-archive';
import type { Ledger } from '../observe/ledger/ledger';
import type { BackupRef } from '../record/backup-ref';
import type { LedgerEvidence, MemberEvidence } from '../record/evidence';
import type { Incident } from '../record/incident';
import type { RecoveryResult } from '../record/recovery';
import type { Run } from '../run/run';
import type { Drill } from './spec';

/** What an episode is played with. */
export interface Play {
  drill: Drill;
  run: Run;
  engine: Engine;
  cluster: Cluster;
  ledger: Ledger;
  backup: BackupRef;
  /** The baseline, and what a difference from it is narrowed with. */
  taken: TakenBaseline;
  /** The dataset's database. */
  database: string;
  /** Whether the fresh backup is restored aside too. */
  deep: boolean;
}

/** What one episode showed before evidence is gathered. */
export interface Played {
  incident: Incident;
  recovery: RecoveryResult;
  /** What the archive held before the accident. */
  noted?: NotedArchive;
  switchover?: { from: string; to: string; startedAt: string; durationMs: number };
  /** What was read once the writers had stopped. */
  observed?: { members: Record<string, MemberEvidence>; ledger: LedgerEvidence };
}

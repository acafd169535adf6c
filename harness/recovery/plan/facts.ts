import type { BackupRef } from '../../record/backup-ref';
import type { WalCommit } from '../../record/ledger';
import type { RecoveryTarget } from '../../record/recovery';

/** What is asked for. */
export interface PitrRequest {
  target: RecoveryTarget;
  /** Barman's id of the backup, or `auto`: the newest that ends before the target on its branch. */
  backup: string;
  /** Timeline that the target lies on. */
  targetTimeline: number;
  /** The member to recover on. Default: the first replica. */
  node?: string;
}

export interface MemberFacts {
  name: string;
  leader: boolean;
  /** Whether its container runs, so that it can be recovered on. */
  running: boolean;
  /** Patroni's tag: such a member never becomes leader. */
  nofailover: boolean;
  dataDir: string;
  freeBytes: bigint;
}

/** What was found before anything is touched. Plain data: the planner is a pure function of it. */
export interface PitrFacts {
  /** Now, by the leader's clock, as text with zone. */
  now: string;
  scope: string;
  /** Patroni's `namespace`, under which the scope's keys lie in the DCS. */
  namespace: string;
  server: string;
  systemIdentifier: string;
  segmentSize: number;
  /** Where the WAL ends on the leader. */
  currentLsn: string;
  timeline: number;
  /** Text of the history file of the leader's timeline; empty on timeline 1. */
  history: string;
  members: MemberFacts[];
  backups: BackupRef[];
  /** Segments that Barman holds, sorted. */
  segments: string[];
  paused: boolean;
  synchronous: boolean;
  standbyCluster: boolean;
  /** Names of tablespaces beyond PostgreSQL's own. */
  tablespaces: string[];
  binDir: string;
  /** Commits and aborts of a time target's own microsecond, in WAL order, as far as the leader's pg_wal still has them. */
  commitsAtTarget?: WalCommit[];
}

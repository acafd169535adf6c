import type { BackupRef } from '../../record/backup-ref';
import type { WalCommit } from '../../record/ledger';

export type { PitrRequest } from '../../record/journal';

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
  /** History files that Barman holds. */
  histories: { timeline: number; text: string }[];
  /**
   * The last commit or abort that the archive holds of the target's timeline, where the cluster is on another one. Absent
   * where nobody looked, or nothing was found.
   */
  lastCommit?: WalCommit;
  paused: boolean;
  /** Patroni's synchronous_mode, and synchronous_mode_strict. */
  synchronous: boolean;
  synchronousStrict: boolean;
  /** Either of them lets pg_rewind find what has changed. */
  dataChecksums: boolean;
  walLogHints: boolean;
  standbyCluster: boolean;
  /** Names of tablespaces beyond PostgreSQL's own. */
  tablespaces: string[];
  binDir: string;
  /** Commits and aborts of a time target's own microsecond, in WAL order, as far as the leader's pg_wal still has them. */
  commitsAtTarget?: WalCommit[];
  /** Databases dropped around the target, a time or an LSN, as far as the leader's pg_wal still shows it. */
  drops?: DroppedDatabase[];
}

/** A DROP DATABASE in the WAL: what it does before its commit stays done (docs/recovery.md, "DROP DATABASE"). */
export interface DroppedDatabase {
  /** Where its first record starts that stays done. */
  begin: string;
  end: WalCommit;
  /** The latest commit or abort before it, of those that were looked at. */
  before?: WalCommit;
}

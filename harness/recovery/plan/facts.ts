import type { TimelineAncestor } from '../../formats/timeline-history';
import type { BackupRef } from '../../record/backup-ref';
import type { WalCommit } from '../../record/ledger';
import type { TypedPlaces } from './typed-places';

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
  /** Whether the data directory is a mount point of its own: it cannot be moved aside. */
  dataDirIsMount?: boolean;
  /** Settings of its Patroni that are on and let it remove the data directory: `remove_data_directory_on_…`. */
  removes?: string[];
  /** WAL of the target's timeline on its disk that the archive lacks; looked for only where no leader runs. */
  wal?: WalOnDisk;
  /** What its data directory holds, by pg_control and pg_wal; absent where that could not be read. */
  systemIdentifier?: string;
  timeline?: number;
  /** Rows of the history file of that timeline; none on timeline 1. */
  history?: TimelineAncestor[];
  /** The first segment in its pg_wal. */
  oldestWal?: string;
  /** Whether its server runs or was stopped in order. */
  clean?: boolean;
}

/** Segments in the pg_wal of a member that is down, from the first that the archive lacks on. */
export interface WalOnDisk {
  segments: string[];
  /** Where the last record starts that can be read. */
  endLsn: string;
  lastCommit?: WalCommit;
}

/** The last commit or abort on the way to the target's timeline before a place of it. */
export interface LastBefore {
  lsn: string;
  commit: WalCommit;
}

/** A tablespace beyond PostgreSQL's own. */
export interface Tablespace {
  name: string;
  location: string;
}

/** What was found before anything is touched. Plain data: the planner is a pure function of it. */
export interface PitrFacts {
  /** Now, by the leader's clock, without one by Barman's; as text with zone. */
  now: string;
  scope: string;
  /** Patroni's `namespace`, under which the scope's keys lie in the DCS. */
  namespace: string;
  server: string;
  systemIdentifier: string;
  segmentSize: number;
  /** Where the WAL ends on the leader; where none runs, the end of what Barman holds of it. */
  currentLsn: string;
  /** The cluster's: the leader's, or the last that there was. */
  timeline: number;
  /** Text of the history file of that timeline; empty on timeline 1. */
  history: string;
  members: MemberFacts[];
  backups: BackupRef[];
  /** Segments that Barman holds, sorted. */
  segments: string[];
  /** History files that Barman holds. */
  histories: { timeline: number; text: string }[];
  /**
   * What receive-wal was at, on the cluster's timeline, where no leader runs: never to be finished. Absent where it has
   * nothing that the archive lacks.
   */
  partial?: { segment: string; endLsn: string };
  /**
   * The last commit or abort there is of the target's timeline: on the leader where it writes it, else in what Barman
   * holds. Absent where nobody looked, or nothing was found.
   */
  lastCommit?: WalCommit;
  /** The last commits before places on the way: where a timeline was left, where the archive has a hole. */
  lastBefore?: LastBefore[];
  paused: boolean;
  /** Patroni's synchronous_mode, and synchronous_mode_strict. */
  synchronous: boolean;
  synchronousStrict: boolean;
  /** Either of them lets pg_rewind find what has changed. */
  dataChecksums: boolean;
  walLogHints: boolean;
  standbyCluster: boolean;
  /** Those of the leader; without one, those that Barman's newest backup names. */
  tablespaces: Tablespace[];
  binDir: string;
  /** What a person types commands at. Absent: containers with the plain names, on the images of ours. */
  places?: TypedPlaces;
  /** Logical subscriptions that are enabled, `database.name`, where a leader could be asked. */
  subscriptions?: string[];
  /** Where the restore points of the target's name lie, and whether every segment that may hold one was read. */
  restorePoints?: { lsns: string[]; whole: boolean };
  /** Commits and aborts around a time target in WAL order, whose clock goes back by more than a second. */
  clockBack?: ClockBack;
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

/** A clock that was set back: what was committed later in the WAL bears an earlier time. */
export interface ClockBack {
  /** At which replay to the target stops: the first that is later than it. */
  stop: WalCommit;
  /** How many behind it are not later than the target, and so are left out although their time says otherwise. */
  behind: number;
  /** The last of them. */
  last: WalCommit;
}

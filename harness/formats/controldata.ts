import { FormatError } from './format-error';
import { canonicalLsn } from './lsn';

const STATES = [
  'starting up',
  'shut down',
  'shut down in recovery',
  'shutting down',
  'in crash recovery',
  'in archive recovery',
  'in production',
] as const;

export type ClusterState = (typeof STATES)[number];

/** What pg_control says, as far as recovery asks for it. 64-bit numbers and LSN are text; `0/0` means "none". */
export interface ControlData {
  pgControlVersion: number;
  catalogVersion: number;
  systemIdentifier: string;
  state: ClusterState;
  checkpointLsn: string;
  redoLsn: string;
  redoWalFile: string;
  timeline: number;
  previousTimeline: number;
  /** epoch and xid, `0:740` */
  nextXid: string;
  /** recovery must replay up to here before the data is consistent */
  minRecoveryEndLsn: string;
  minRecoveryEndTimeline: number;
  backupStartLsn: string;
  backupEndLsn: string;
  endOfBackupRecordRequired: boolean;
  walLevel: string;
  walLogHints: boolean;
  trackCommitTimestamp: boolean;
  blockSize: number;
  walBlockSize: number;
  /** bytes */
  walSegmentSize: number;
  /** 0 when data checksums are off */
  checksumVersion: number;
}

/**
 * Reads the output of `LC_ALL=C pg_controldata`; lines that it does not know are left out.
 * @throws FormatError when a field is missing (another language, a cut output) or is not what it should be
 */
export function parseControlData(output: string): ControlData {
  const fields = new Map<string, string>();
  for (const line of output.split('\n')) {
    // The value may follow the colon at once: "Latest checkpoint's oldestCommitTsXid:0".
    const match = /^([^:]+):\s*(.*?)\s*$/.exec(line);
    if (match) fields.set(match[1] ?? '', match[2] ?? '');
  }
  const text = (key: string): string => {
    const value = fields.get(key);
    if (value === undefined || value === '') throw new FormatError('pg_controldata output', output, `has no "${key}"`);
    return value;
  };
  const matching = (key: string, pattern: RegExp): string => {
    const value = text(key);
    if (!pattern.test(value)) throw new FormatError('pg_controldata output', value, `is no value of "${key}"`);
    return value;
  };
  const integer = (key: string): number => Number(matching(key, /^\d+$/));
  const lsn = (key: string): string => canonicalLsn(text(key));
  const flag = (key: string): boolean => /^(on|yes)$/.test(matching(key, /^(on|off|yes|no)$/));

  return {
    pgControlVersion: integer('pg_control version number'),
    catalogVersion: integer('Catalog version number'),
    systemIdentifier: matching('Database system identifier', /^\d+$/),
    state: stateOf(text('Database cluster state')),
    checkpointLsn: lsn('Latest checkpoint location'),
    redoLsn: lsn("Latest checkpoint's REDO location"),
    redoWalFile: matching("Latest checkpoint's REDO WAL file", /^[0-9A-F]{24}$/),
    timeline: integer("Latest checkpoint's TimeLineID"),
    previousTimeline: integer("Latest checkpoint's PrevTimeLineID"),
    nextXid: matching("Latest checkpoint's NextXID", /^\d+:\d+$/),
    minRecoveryEndLsn: lsn('Minimum recovery ending location'),
    minRecoveryEndTimeline: integer("Min recovery ending loc's timeline"),
    backupStartLsn: lsn('Backup start location'),
    backupEndLsn: lsn('Backup end location'),
    endOfBackupRecordRequired: flag('End-of-backup record required'),
    walLevel: text('wal_level setting'),
    walLogHints: flag('wal_log_hints setting'),
    trackCommitTimestamp: flag('track_commit_timestamp setting'),
    blockSize: integer('Database block size'),
    walBlockSize: integer('WAL block size'),
    walSegmentSize: integer('Bytes per WAL segment'),
    checksumVersion: integer('Data page checksum version'),
  };
}

function stateOf(text: string): ClusterState {
  const state = STATES.find((known) => known === text);
  if (!state) throw new FormatError('pg_controldata output', text, 'is no known cluster state');
  return state;
}

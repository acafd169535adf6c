import { FormatError } from './format-error';
import { canonicalLsn } from './lsn';
import { utcTime } from './timestamptz';

/** What a transaction record says of its transaction. Only COMMIT and ABORT, plain or prepared, end one. */
export interface TransactionOutcome {
  action: 'COMMIT' | 'ABORT' | 'PREPARE' | 'COMMIT_PREPARED' | 'ABORT_PREPARED';
  /** 32-bit transaction id; of a prepared transaction its own, which is not the record's `tx` */
  xid: string;
  /** the record's own time, in UTC with six digits */
  time: string;
  /** global identifier, PREPARE only */
  gid?: string;
}

/** One line of pg_waldump. LSN are in the server's spelling, without the zeros that pg_waldump pads with. */
export interface WalRecord {
  rmgr: string;
  /** where the record starts */
  lsn: string;
  /** where the record before it starts: the link by which WAL is checked */
  prev: string;
  /** the record's transaction, `0` for none */
  tx: string;
  /** bytes without and with full page images */
  length: number;
  totalLength: number;
  /** first word of the description: COMMIT, DROP, SWITCH … */
  operation: string;
  /** the description without that word */
  detail: string;
  /** for the five kinds of Transaction records that carry a time; else absent */
  transaction?: TransactionOutcome;
}

const RECORD =
  /^rmgr: (\S+)\s+len \(rec\/tot\):\s*(\d+)\/\s*(\d+), tx:\s*(\d+), lsn: ([0-9A-F]+\/[0-9A-F]+), prev ([0-9A-F]+\/[0-9A-F]+), desc: (\S+) ?(.*)$/;

// pg_waldump prints the zone's abbreviation, which names no offset outside UTC.
const TIME = String.raw`(\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} (\S+?))(?:;|, |$)`;
const ENDED = new RegExp(`^${TIME}`);
const ENDED_PREPARED = new RegExp(`^(\\d+): ${TIME}`);
const PREPARED = new RegExp(`^gid (.*): ${TIME}`);

/**
 * Reads one line of `TZ=UTC pg_waldump`.
 * @returns null for a line that is no record (end messages, statistics, a second line of a description)
 * @throws FormatError when a transaction's line cannot be read whole, or its time is not in UTC: a commit that is
 * skipped in silence would later count as lost
 */
export function parseWalRecord(line: string): WalRecord | null {
  const match = RECORD.exec(line);
  if (!match) {
    if (line.startsWith('rmgr: Transaction'))
      throw new FormatError('pg_waldump line', line, 'is cut or of another format');
    return null;
  }
  const [, rmgr = '', length, totalLength, tx = '', lsn = '', prev = '', operation = '', rest = ''] = match;
  const record: WalRecord = {
    rmgr,
    lsn: canonicalLsn(lsn),
    prev: canonicalLsn(prev),
    tx,
    length: Number(length),
    totalLength: Number(totalLength),
    operation,
    detail: rest.trim(),
  };
  if (rmgr === 'Transaction') {
    const transaction = outcomeOf(operation, record.detail, tx, line);
    if (transaction) record.transaction = transaction;
  }
  return record;
}

/** Reads a whole output into its records, in WAL order. @throws FormatError as `parseWalRecord` does */
export function parseWaldump(text: string): WalRecord[] {
  const records: WalRecord[] = [];
  for (const line of text.split('\n')) {
    const record = parseWalRecord(line);
    if (record) records.push(record);
  }
  return records;
}

/** Whether the record commits or aborts a transaction: the only records at which a time or xid target can stop. */
export function endsTransaction(record: WalRecord): boolean {
  return record.transaction !== undefined && record.transaction.action !== 'PREPARE';
}

/**
 * What a record that ends a transaction tells of it, as it is kept in evidence.
 * @param record one for which `endsTransaction` holds
 */
export function commitOf(record: WalRecord): { lsn: string; xid: string; time: string; record: string } {
  const { xid, time, action } = record.transaction!;
  return { lsn: record.lsn, xid, time, record: action };
}

/** Directories, `tablespace/database`, that a `Database` DROP record removes as soon as it is replayed. */
export function droppedDatabases(record: WalRecord): { tablespace: string; database: string }[] {
  if (record.rmgr !== 'Database' || record.operation !== 'DROP') return [];
  return [...record.detail.matchAll(/(\d+)\/(\d+)/g)].map(([, tablespace = '', database = '']) => ({
    tablespace,
    database,
  }));
}

/** Name of the restore point that the record sets (pg_create_restore_point), or null. */
export function restorePointName(record: WalRecord): string | null {
  return record.rmgr === 'XLOG' && record.operation === 'RESTORE_POINT' ? record.detail : null;
}

/**
 * The timelines at a record that begins one, else null: END_OF_RECOVERY after the promotion of a standby, a
 * shutdown checkpoint of two different timelines after a recovery to a target.
 */
export function timelineSwitch(record: WalRecord): { timeline: number; previous: number } | null {
  if (record.rmgr !== 'XLOG' || !/^(END_OF_RECOVERY|CHECKPOINT_SHUTDOWN)$/.test(record.operation)) return null;
  const match = /\btli (\d+); prev tli (\d+)\b/.exec(record.detail);
  return match && match[1] !== match[2] ? { timeline: Number(match[1]), previous: Number(match[2]) } : null;
}

function outcomeOf(operation: string, detail: string, tx: string, line: string): TransactionOutcome | null {
  switch (operation) {
    case 'COMMIT':
    case 'ABORT': {
      const [, time, zone] = ENDED.exec(detail) ?? [];
      return { action: operation, xid: tx, time: recordTime(time, zone, line) };
    }
    case 'COMMIT_PREPARED':
    case 'ABORT_PREPARED': {
      const [, xid = '', time, zone] = ENDED_PREPARED.exec(detail) ?? [];
      return { action: operation, xid, time: recordTime(time, zone, line) };
    }
    case 'PREPARE': {
      const [, gid = '', time, zone] = PREPARED.exec(detail) ?? [];
      return { action: operation, xid: tx, time: recordTime(time, zone, line), gid };
    }
    default:
      return null;
  }
}

function recordTime(time: string | undefined, zone: string | undefined, line: string): string {
  if (time === undefined) throw new FormatError('pg_waldump line', line, 'has no readable time');
  if (zone !== 'UTC') throw new FormatError('pg_waldump line', line, 'was printed in another zone; run it with TZ=UTC');
  return utcTime(time);
}

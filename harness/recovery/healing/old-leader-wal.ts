import { parseDynamicConfig } from '../../formats/dynamic-config';
import { compareLsn, parseLsn } from '../../formats/lsn';
import { isSegmentName, parseWalName, segmentAt, segmentNumber } from '../../formats/wal-name';
import type { EndOfWal } from '../../formats/waldump-end';
import { isSynchronous } from '../../operations/synchronous-mode';
import type { Loss } from '../../record/recovery';

/** One record of the WAL, as far as it matters here. */
export interface WrittenRecord {
  lsn: string;
  /** bytes with full page images */
  bytes: number;
  /** µs: the time of a record that ends a transaction */
  micros?: bigint;
}

/**
 * The segments of a timeline that follow one another without a gap, from the first that is not before an LSN. Those that
 * PostgreSQL has made ahead are among them: reading ends in the first one by itself.
 * @param listing names and sizes (bytes) of the files in pg_wal, a line each
 */
export function segmentsFrom(listing: string, timeline: number, fromLsn: string): string[] {
  const files = listing
    .split('\n')
    .map((line) => line.split(' '))
    .flatMap(([name = '', size]) => (isSegmentName(name) ? [{ name, size: Number(size) }] : []))
    .filter(({ name }) => parseWalName(name).timeline === timeline)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const size = files[0]?.size;
  if (size === undefined) return [];
  const from = segmentAt(parseLsn(fromLsn), size);
  const names = files.map(({ name }) => name).filter((name) => segmentNumber(name, size) >= from);
  const first = names[0];
  if (first === undefined) return [];
  const gap = names.findIndex(
    (name, index) => segmentNumber(name, size) !== segmentNumber(first, size) + BigInt(index),
  );
  return gap < 0 ? names : names.slice(0, gap);
}

/** Where the WAL that was read ends: where the reader gave up, if it says so, else behind the begin of the last record. */
export function endOf(end: EndOfWal | null, records: readonly WrittenRecord[]): string | undefined {
  const last = records.at(-1)?.lsn;
  if (end?.kind !== 'bad-record') return last;
  return end.atLsn !== null && compareLsn(end.atLsn, end.lastLsn) > 0 ? end.atLsn : end.lastLsn;
}

/**
 * Bytes of the records from an LSN on. Not the distance of two LSNs: a switch of segments leaves up to a whole segment empty.
 */
export function bytesFrom(records: readonly WrittenRecord[], lsn: string): number {
  return sum(records.filter((record) => compareLsn(record.lsn, lsn) >= 0));
}

/**
 * Bytes of the records from the first transaction on that ended within a time before the last one. Of a shorter time where
 * nothing older was read: less, never more.
 */
export function writtenWithin(records: readonly WrittenRecord[], spanMs: number): number {
  const last = records.findLast(({ micros }) => micros !== undefined)?.micros;
  if (last === undefined) return 0;
  const since = last - BigInt(Math.round(spanMs * 1000));
  return sum(records.slice(records.findIndex(({ micros }) => micros !== undefined && micros >= since)));
}

function sum(records: readonly WrittenRecord[]): number {
  return records.reduce((all, { bytes }) => all + bytes, 0);
}

/** What Patroni's dynamic configuration says of losses, with Patroni's own defaults (its documentation, "Dynamic configuration"). */
export function lossSettings(config: string | undefined): Pick<Loss, 'mode' | 'maximumLag' | 'ttlMs'> {
  const said = parseDynamicConfig(config);
  return {
    mode: isSynchronous(config) ? 'synchronous' : 'asynchronous',
    maximumLag: String(said.maximum_lag_on_failover ?? 1_048_576),
    ttlMs: (said.ttl ?? 30) * 1000,
  };
}

import { compareLsn, parseLsn } from './lsn';
import { segmentAt, segmentNumber } from './wal-name';
import type { EndOfWal } from './waldump-end';

/** A segment of an archive whose records do not verify. */
export interface DamagedWal {
  segment: string;
  /** pg_waldump's own words, or what its file is. */
  reason: string;
  /** Start of the last record that could be read before it, where one was. */
  lastLsn?: string;
}

/** How a file begins that gzip, bzip2, xz, zstd or lz4 has written: what Barman can compress with. */
const COMPRESSED = ['1f8b', '425a', 'fd37', '28b5', '0422'];

/** Whether Barman keeps the file compressed: its bytes are no WAL until they are unpacked. @param head its first two bytes, in hex */
export function isCompressed(head: string): boolean {
  return COMPRESSED.includes(head.toLowerCase());
}

/**
 * Where the reading of consecutive segments tells of damage; undefined where it ended as WAL does.
 * @param end how pg_waldump ended; null at the end of the last segment
 * @param segments in order, by the names they have in the archive
 * @param segmentSize bytes
 */
export function damageOf(
  end: EndOfWal | null,
  segments: readonly string[],
  segmentSize: number,
): DamagedWal | undefined {
  if (end?.kind !== 'bad-record') return undefined;
  const at = end.atLsn !== null && compareLsn(end.atLsn, end.lastLsn) > 0 ? end.atLsn : end.lastLsn;
  const number = segmentAt(parseLsn(at), segmentSize);
  const segment = segments.find((name) => segmentNumber(name, segmentSize) === number) ?? segments.at(-1)!;
  // Nothing written yet: how the last segment of a server that was not stopped in order ends.
  if (end.unwritten && segment === segments.at(-1)) return undefined;
  return { segment, reason: end.reason, lastLsn: end.lastLsn };
}

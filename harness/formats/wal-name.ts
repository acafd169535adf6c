import { FormatError } from './format-error';
import { formatLsn, MAX_LSN, parseLsn } from './lsn';

/**
 * Names of files in pg_wal and in a WAL archive, after PostgreSQL's src/include/access/xlog_internal.h. A segment is
 * named by three numbers of eight hexadecimal digits: timeline, log (the upper 32 bits of its LSN) and segment within
 * that log. How many segments a log has depends on the segment size (initdb --wal-segsize), so the name after
 * `…00000000000000FF` is known only together with it.
 */
export type WalName =
  | { kind: 'segment' | 'partial'; timeline: number; log: number; seg: number }
  | { kind: 'backup'; timeline: number; log: number; seg: number; offset: number }
  | { kind: 'history'; timeline: number };

const NAME = /^([0-9A-F]{8})(?:([0-9A-F]{8})([0-9A-F]{8})(?:(\.partial)|\.([0-9A-F]{8})\.backup)?|\.history)$/;
const BYTES_PER_LOG = 0x1_0000_0000;
const MIN_SEGMENT_SIZE = 1024 * 1024;
const MAX_SEGMENT_SIZE = 1024 * MIN_SEGMENT_SIZE;

/**
 * Reads a file's name as a segment, a partial segment, a backup history file or a timeline history file. A `.partial`
 * is either what a receiver is writing or PostgreSQL's own last piece of a timeline: the name alone does not tell, see
 * `endsTimeline` in timeline-history.
 * @param segmentSize bytes; when given, a segment number that this size does not have is refused
 * @throws FormatError for every other name (xlog.db, `.lz4`, lower case …)
 */
export function parseWalName(name: string, segmentSize?: number): WalName {
  const match = NAME.exec(name);
  if (!match)
    throw new FormatError('WAL file name', name, 'is not the name of a segment, .partial, .backup or .history');
  const timeline = parseInt(match[1] ?? '', 16);
  if (timeline === 0) throw new FormatError('WAL file name', name, 'there is no timeline 0');
  if (match[2] === undefined || match[3] === undefined) return { kind: 'history', timeline };
  const log = parseInt(match[2], 16);
  const seg = parseInt(match[3], 16);
  if (segmentSize !== undefined && seg >= segmentsPerLog(segmentSize)) {
    throw new FormatError(
      'WAL file name',
      name,
      `a log has ${segmentsPerLog(segmentSize)} segments of ${segmentSize} bytes`,
    );
  }
  if (match[5] !== undefined) return { kind: 'backup', timeline, log, seg, offset: parseInt(match[5], 16) };
  return { kind: match[4] === undefined ? 'segment' : 'partial', timeline, log, seg };
}

/** Whether PostgreSQL would take the name for a complete WAL segment; of any segment size. */
export function isSegmentName(name: string): boolean {
  return /^[0-9A-F]{24}$/.test(name) && !name.startsWith('00000000');
}

/** Name of a timeline's history file (TLHistoryFileName). */
export function historyNameOf(timeline: number): string {
  return `${eightDigits(BigInt(timeline))}.history`;
}

/** Name of the segment that holds the byte at `lsn`. @param segmentSize bytes */
export function walNameOf(timeline: number, lsn: string, segmentSize: number): string {
  return walNameFromNumber(timeline, segmentAt(parseLsn(lsn), segmentSize), segmentSize);
}

/** Number of the segment that holds a byte position, counted from the very first (XLByteToSeg). */
export function segmentAt(position: bigint, segmentSize: number): bigint {
  return position / BigInt(checkedSize(segmentSize));
}

/**
 * Number of a named segment, counted from the very first, whatever its timeline.
 * @throws FormatError when the name has no segment (`.history`) or does not fit the segment size
 */
export function segmentNumber(name: string, segmentSize: number): bigint {
  const parsed = parseWalName(name, segmentSize);
  if (parsed.kind === 'history')
    throw new FormatError('WAL segment name', name, 'a history file belongs to no segment');
  return BigInt(parsed.log) * BigInt(segmentsPerLog(segmentSize)) + BigInt(parsed.seg);
}

/**
 * Name of segment `number` on a timeline (XLogFileName).
 * @throws FormatError when timeline or number is outside 32 and 64 bits
 */
export function walNameFromNumber(timeline: number, number: bigint, segmentSize: number): string {
  if (!Number.isInteger(timeline) || timeline < 1 || timeline > 0xffffffff) {
    throw new FormatError('timeline', String(timeline), 'expected a whole number from 1 to 4294967295');
  }
  if (number < 0n || number > segmentAt(MAX_LSN, segmentSize)) {
    throw new FormatError('WAL segment number', String(number), `no such segment of ${segmentSize} bytes`);
  }
  const perLog = BigInt(segmentsPerLog(segmentSize));
  return eightDigits(BigInt(timeline)) + eightDigits(number / perLog) + eightDigits(number % perLog);
}

/** LSN of the first byte of a named segment. */
export function firstLsnOf(name: string, segmentSize: number): string {
  return formatLsn(segmentNumber(name, segmentSize) * BigInt(segmentSize));
}

/** Name of the next segment on the same timeline; wraps into the next log as the segment size tells. */
export function nextWalName(name: string, segmentSize: number): string {
  const { timeline } = parseWalName(name, segmentSize);
  return walNameFromNumber(timeline, segmentNumber(name, segmentSize) + 1n, segmentSize);
}

/**
 * Names of the segments that hold the bytes from `fromLsn` up to, and not including, `toLsn`: end positions, such as a
 * backup's end, then name no segment too many. Add one to `toLsn` to have the segment in which a record starts.
 * @param segmentSize bytes
 */
export function* eachSegmentBetween(
  timeline: number,
  fromLsn: string,
  toLsn: string,
  segmentSize: number,
): Generator<string> {
  const range = segmentRange(fromLsn, toLsn, segmentSize);
  if (!range) return;
  for (let number = range.first; number <= range.last; number += 1n)
    yield walNameFromNumber(timeline, number, segmentSize);
}

/** `eachSegmentBetween` as a list. */
export function segmentsBetween(timeline: number, fromLsn: string, toLsn: string, segmentSize: number): string[] {
  return [...eachSegmentBetween(timeline, fromLsn, toLsn, segmentSize)];
}

/** First and last segment number of the half-open range of LSNs, or null when the range is empty. */
export function segmentRange(
  fromLsn: string,
  toLsn: string,
  segmentSize: number,
): { first: bigint; last: bigint } | null {
  const from = parseLsn(fromLsn);
  const to = parseLsn(toLsn);
  if (to <= from) return null;
  return { first: segmentAt(from, segmentSize), last: segmentAt(to - 1n, segmentSize) };
}

function segmentsPerLog(segmentSize: number): number {
  return BYTES_PER_LOG / checkedSize(segmentSize);
}

function checkedSize(segmentSize: number): number {
  const inRange = segmentSize >= MIN_SEGMENT_SIZE && segmentSize <= MAX_SEGMENT_SIZE;
  if (!inRange || !Number.isInteger(Math.log2(segmentSize))) {
    throw new FormatError(
      'WAL segment size',
      String(segmentSize),
      'expected a power of two from 1 MB to 1 GB, in bytes',
    );
  }
  return segmentSize;
}

function eightDigits(value: bigint): string {
  return value.toString(16).toUpperCase().padStart(8, '0');
}

import { FormatError } from './format-error';
import { canonicalLsn, parseLsn } from './lsn';
import { parseWalName, segmentAt, segmentNumber, segmentRange, walNameFromNumber } from './wal-name';

/** One row of a history file: a timeline that this one comes from, and where it was left. */
export interface TimelineAncestor {
  timeline: number;
  /** LSN at which the child branches off; the first byte that is no longer the ancestor's. */
  endLsn: string;
  /** The third column as PostgreSQL wrote it, see `history-reason`. */
  reason: string;
}

/** A timeline and where it comes from, oldest ancestor first. Timeline 1 has none. */
export interface TimelineHistory {
  timeline: number;
  ancestors: TimelineAncestor[];
}

/** The part of the WAL that is a timeline's own, in bytes. */
export interface Reign {
  timeline: number;
  begin: bigint;
  /** null for the timeline itself, which has no end yet */
  end: bigint | null;
}

/**
 * Reads a `.history` file as readTimeLineHistory() of PostgreSQL's timeline.c does: comments and blank lines are left
 * out (a reason ends with a line break of its own), timelines must increase and stay below the file's own. Beyond that,
 * switch points must not go backwards: such a file names no branch.
 * @param timeline the number in the file's name
 * @throws FormatError with the line that is wrong
 */
export function parseTimelineHistory(timeline: number, text: string): TimelineHistory {
  const ancestors: TimelineAncestor[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(#|$)/.test(line)) continue;
    const match = /^\s*(\d+)\s+([0-9A-Fa-f]+\/[0-9A-Fa-f]+)(?:\s+(.*))?$/.exec(line);
    if (!match) throw new FormatError('timeline history', line, 'expected timeline, switch point and reason');
    const row = { timeline: Number(match[1]), endLsn: canonicalLsn(match[2] ?? ''), reason: (match[3] ?? '').trim() };
    const previous = ancestors.at(-1);
    if (row.timeline < 1 || row.timeline >= timeline) {
      throw new FormatError('timeline history', line, `expected a timeline between 1 and ${timeline - 1}`);
    }
    if (previous && row.timeline <= previous.timeline) {
      throw new FormatError('timeline history', line, 'timelines must be in increasing sequence');
    }
    if (previous && parseLsn(row.endLsn) < parseLsn(previous.endLsn)) {
      throw new FormatError(
        'timeline history',
        line,
        `switches before ${previous.endLsn}, where its own timeline began`,
      );
    }
    ancestors.push(row);
  }
  return { timeline, ancestors };
}

/** The timeline that owns the byte at `lsn` in this history (tliOfPointInHistory): a switch point is the child's. */
export function timelineOwning(history: TimelineHistory, lsn: string): number {
  const position = parseLsn(lsn);
  return history.ancestors.find((row) => position < parseLsn(row.endLsn))?.timeline ?? history.timeline;
}

/**
 * Whether two histories tell of one branch: the same rows when the numbers are equal, else the lower number on the way
 * of the higher one. Two recoveries from one backup both make a timeline 2; `patronictl list` shows no difference, and
 * pg_rewind compares numbers only. Reasons count: two recoveries may leave the parent at one LSN. Histories that agree
 * word for word can still be two branches, when the same recovery was done twice.
 */
export function sameBranch(a: TimelineHistory, b: TimelineHistory): boolean {
  const [lower, higher] = a.timeline <= b.timeline ? [a, b] : [b, a];
  const rows = lower.ancestors.length;
  const reached =
    lower.timeline === higher.timeline
      ? higher.ancestors.length === rows
      : higher.ancestors[rows]?.timeline === lower.timeline;
  return reached && lower.ancestors.every((row, index) => sameRow(row, higher.ancestors[index]));
}

/**
 * The segments that recovery along this history reads for the bytes from `fromLsn` up to, and not including, `toLsn`:
 * one name for each segment number. A segment in which a switch lies is taken from the child, whose copy begins with
 * the parent's bytes up to the switch: PostgreSQL tries the newest timeline first among those that began in or before
 * the segment (XLogFileReadAnyTLI in xlogrecovery.c). Should that file be missing it reads the parent's, and then
 * replays what the branch never had: the parent's copy is no substitute, and is not named here.
 * @param segmentSize bytes
 */
export function segmentsNeeded(
  history: TimelineHistory,
  fromLsn: string,
  toLsn: string,
  segmentSize: number,
): string[] {
  const range = segmentRange(fromLsn, toLsn, segmentSize);
  if (!range) return [];
  const newestFirst = reigns(history).reverse();
  const names: string[] = [];
  for (let number = range.first; number <= range.last; number += 1n) {
    const reader = newestFirst.find(({ begin }) => segmentAt(begin, segmentSize) <= number);
    names.push(walNameFromNumber(reader?.timeline ?? history.timeline, number, segmentSize));
  }
  return names;
}

/**
 * Whether a `.partial` file is the last piece of a timeline that this history left (PostgreSQL archives it so at
 * promotion), and not the file that a receiver is still writing. Both bear the same kind of name; PostgreSQL
 * documentation, 26.3.5 "Timelines", and pg_receivewal.
 */
export function endsTimeline(history: TimelineHistory, partialName: string, segmentSize: number): boolean {
  const { kind, timeline } = parseWalName(partialName, segmentSize);
  if (kind !== 'partial') throw new FormatError('partial WAL name', partialName, 'is not a .partial file');
  const left = history.ancestors.find((row) => row.timeline === timeline);
  return (
    left !== undefined && segmentAt(parseLsn(left.endLsn), segmentSize) === segmentNumber(partialName, segmentSize)
  );
}

/** Each timeline of a history with the part of the WAL that is its own, oldest first. */
export function reigns(history: TimelineHistory): Reign[] {
  let begin = 0n;
  const past = history.ancestors.map(({ timeline, endLsn }) => {
    const reign = { timeline, begin, end: parseLsn(endLsn) };
    begin = reign.end;
    return reign;
  });
  return [...past, { timeline: history.timeline, begin, end: null }];
}

function sameRow(a: TimelineAncestor, b: TimelineAncestor | undefined): boolean {
  return (
    b !== undefined && a.timeline === b.timeline && parseLsn(a.endLsn) === parseLsn(b.endLsn) && a.reason === b.reason
  );
}

import { parseLsn } from '../formats/lsn';
import type { TimelineAncestor, TimelineHistory } from '../formats/timeline-history';

const WAL_PAGE_BYTES = 8192n;
/** Page headers of PostgreSQL's xlog_internal.h: of an ordinary page, and of a segment's first one. */
const PAGE_HEADER_BYTES: readonly bigint[] = [24n, 40n];

/** The row of a history by which a timeline leaves its parent, and how many rows stand before it. */
export interface Branch {
  row: TimelineAncestor;
  index: number;
}

/** Where `timeline` begins in a history; undefined when the history does not pass through it, or it has no parent. */
export function branchOf(history: TimelineHistory, timeline: number): Branch | undefined {
  const own =
    history.timeline === timeline
      ? history.ancestors.length
      : history.ancestors.findIndex((row) => row.timeline === timeline);
  const index = own - 1;
  const row = history.ancestors[index];
  return row ? { row, index } : undefined;
}

/**
 * Whether a record that starts at `recordLsn` is the first one at or after the branch. A branch is where the record
 * before it ends; when that is the end of a page, the next record starts one page header later.
 */
export function firstRecordAfter(branchLsn: string, recordLsn: string): boolean {
  const branch = parseLsn(branchLsn);
  const bytes = parseLsn(recordLsn) - branch;
  return bytes === 0n || (branch % WAL_PAGE_BYTES === 0n && PAGE_HEADER_BYTES.includes(bytes));
}

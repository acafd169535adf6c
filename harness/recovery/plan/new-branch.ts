import { FormatError } from '../../formats/format-error';
import { canonicalLsn } from '../../formats/lsn';
import { parseTimelineHistory, type TimelineHistory } from '../../formats/timeline-history';
import { parseWalName } from '../../formats/wal-name';

/** A recovery's own branch: its first timeline, the one it left, and where. */
export interface NewBranch {
  timeline: number;
  parent: number;
  /** Where it left; unknown where PostgreSQL never said it. */
  endLsn?: string;
}

/**
 * The timelines that a recovery made, in order: its own, and every one that comes from it (Patroni's start of the recovered
 * node takes a further number, a failover one more). A number alone does not tell: an earlier recovery may have left a
 * higher one in the archive.
 * @param histories texts of the history files that the recovered node and the archive hold, in any order
 */
export function timelinesOf(branch: NewBranch, histories: readonly { timeline: number; text: string }[]): number[] {
  const made = new Set([branch.timeline]);
  for (const { timeline, text } of histories) {
    const history = readable(timeline, text);
    if (history && comesFrom(branch, history)) made.add(timeline);
  }
  return [...made].sort((a, b) => a - b);
}

/** Of names in an archive those that belong to one of some timelines: segments, partial ones, backup labels, histories. */
export function filesOf(timelines: readonly number[], names: readonly string[]): string[] {
  return names.filter((name) => {
    try {
      // receive-wal of Barman may compress what it writes: the name then goes on.
      return timelines.includes(parseWalName(name.replace(/\.(gz|bz2|xz|zst|lz4)$/, '')).timeline);
    } catch (error) {
      if (error instanceof FormatError) return false;
      throw error;
    }
  });
}

function comesFrom(branch: NewBranch, history: TimelineHistory): boolean {
  const rows = history.ancestors;
  const at = rows.findIndex((row) => row.timeline === branch.timeline);
  // Its own history file: the last row says where it left its parent.
  const left = history.timeline === branch.timeline ? rows.at(-1) : at > 0 ? rows[at - 1] : undefined;
  if (!left || left.timeline !== branch.parent) return false;
  return branch.endLsn === undefined || left.endLsn === canonicalLsn(branch.endLsn);
}

function readable(timeline: number, text: string): TimelineHistory | undefined {
  try {
    return parseTimelineHistory(timeline, text);
  } catch {
    return undefined;
  }
}

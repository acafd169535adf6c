import { compareLsn, formatLsn } from '../../formats/lsn';
import { reigns, type TimelineHistory } from '../../formats/timeline-history';

/** A piece of a timeline's WAL. */
export interface WalRange {
  timeline: number;
  from: string;
  /** Where the timeline was left; absent where it goes on to the end of its WAL. */
  to?: string;
}

/**
 * What the history that is left has and the new one has not: of the last timeline that they share what comes after the
 * place where the new one left it, and all that the old one made since.
 */
export function discardedRanges(left: TimelineHistory, kept: TimelineHistory): WalRange[] {
  const ranges: WalRange[] = [];
  for (const own of reigns(left)) {
    const shared = reigns(kept).find((reign) => reign.timeline === own.timeline && reign.begin === own.begin);
    const from = shared ? shared.end : own.begin;
    // The new history goes along the whole of it.
    if (from === null || (own.end !== null && from >= own.end)) continue;
    ranges.push({
      timeline: own.timeline,
      from: formatLsn(from),
      ...(own.end === null ? {} : { to: formatLsn(own.end) }),
    });
  }
  return ranges.filter(({ from, to }) => to === undefined || compareLsn(from, to) < 0);
}

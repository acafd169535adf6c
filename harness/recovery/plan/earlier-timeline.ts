import { timelineOwning } from '../../formats/timeline-history';
import type { RecoveryTarget } from '../../record/recovery';
import type { PitrFacts } from './facts';
import { lastCommitBefore, stopsAt } from './needed-segments';
import { targetBranch } from './timelines';

/**
 * The ancestor of a timeline that a target lies on, as far as the facts about that timeline tell: an LSN by its place, a
 * time by the last commit before the timeline began. Undefined where it lies on the timeline itself, or nothing tells.
 * @throws PGDRILL_TIMELINE_UNKNOWN, PGDRILL_TIMELINE_TWICE
 */
export function earlierTimeline(target: RecoveryTarget, facts: PitrFacts, timeline: number): number | undefined {
  const { history } = targetBranch(timeline, facts);
  const left = history.ancestors.at(-1);
  if (!left) return undefined;
  if (target.kind === 'lsn') {
    const on = timelineOwning(history, target.lsn);
    return on === timeline ? undefined : on;
  }
  if (target.kind !== 'time') return undefined;
  const last = lastCommitBefore(facts, left.endLsn);
  return last && stopsAt(target, last) ? timelineOwning(history, last.lsn) : undefined;
}

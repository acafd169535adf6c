import { parseHistoryReason, type HistoryReason } from '../formats/history-reason';
import { compareLsn } from '../formats/lsn';
import { parseTimelineHistory, sameBranch } from '../formats/timeline-history';
import type { LoggedStop } from '../formats/server-log';
import type { RestoredAside } from '../record/evidence';
import type { Finding } from '../record/finding';
import { firstRecordAfter } from './branch';
import { expectedWords, isExpectedStop } from './expected-stop';
import { type ClusterPlace, type Place, SHOWN, whyAbsent } from './place';
import { inWords, stopWords } from './stop-words';

/** Where replay of the restored server stopped, by its own log: at the point, which was the end of the WAL when it was noted. */
export function asideStop(place: Place, seen: RestoredAside): Finding {
  const expected = `server log: recovery ${expectedWords(seen.target, undefined)}`;
  const words = seen.stop.length > 0 ? stopWords(seen.stop) : null;
  const detail = seen.stop.slice(0, SHOWN);
  if (words?.endedBeforeTarget)
    return place.failed(expected, 'recovery ended before configured recovery target was reached', detail);
  if (!words?.stop) return place.unverified(expected, 'no words about a stop', detail);
  const found = `recovery ${inWords(words.stop)}`;
  return isAtPoint(seen, words.stop) ? place.ok(expected, found) : place.failed(expected, found, detail);
}

/** The next record began where the WAL ended, one page header later at most: no other record may lie between. */
function isAtPoint({ target }: RestoredAside, stop: LoggedStop): boolean {
  if (!isExpectedStop(target, undefined, stop)) return false;
  if (target.kind !== 'lsn' || stop.kind !== 'lsn') return true;
  return compareLsn(stop.lsn, target.lsn) === 0 || firstRecordAfter(target.lsn, stop.lsn);
}

/** By itself, not by the log: two sources that do not know of each other. */
function isReasonOfPoint(seen: RestoredAside, reason: HistoryReason): boolean {
  return reason.kind === 'lsn' && isAtPoint(seen, reason);
}

/**
 * Oracle 6 for the restored server: the same system, and a history that is the leader's own as far as the point, then one
 * row more, by which the new timeline left the leader's there.
 */
export function asideBranch(place: Place, { cluster }: ClusterPlace, seen: RestoredAside): Finding[] {
  const { member } = seen;
  const system = `system identifier ${cluster.systemIdentifier}, as at boot`;
  const identifier =
    member.systemIdentifier === undefined
      ? place.unverified(system, whyAbsent(member, 'server'))
      : member.systemIdentifier === cluster.systemIdentifier
        ? place.ok(system, member.systemIdentifier)
        : place.failed(system, member.systemIdentifier);
  return [identifier, history(place, seen)];
}

function history(place: Place, seen: RestoredAside): Finding {
  const point = seen.target.kind === 'lsn' ? seen.target.lsn : 'the point';
  const expected = `a timeline of its own that left timeline ${seen.timeline} at ${point}, on the leader's way`;
  if (seen.newTimeline === undefined || seen.history === undefined || seen.parentHistory === undefined) {
    return place.unverified(expected, 'the histories were not read');
  }
  const own = parseTimelineHistory(seen.newTimeline, seen.history);
  const parent = parseTimelineHistory(seen.timeline, seen.parentHistory);
  const last = own.ancestors.at(-1);
  if (!last) return place.failed(expected, `timeline ${own.timeline}, which has no parent`);
  const problems: string[] = [];
  const way = { timeline: last.timeline, ancestors: own.ancestors.slice(0, -1) };
  if (last.timeline !== parent.timeline) problems.push(`it left timeline ${last.timeline}`);
  else if (!sameBranch(way, parent)) problems.push("before that its way is not the leader's");
  if (seen.target.kind === 'lsn' && !firstRecordAfter(last.endLsn, seen.target.lsn)) {
    problems.push(`it branched at ${last.endLsn}`);
  }
  if (!isReasonOfPoint(seen, parseHistoryReason(last.reason)))
    problems.push(`the reason in its history is "${last.reason}"`);
  if (problems.length === 0) return place.ok(expected, `timeline ${own.timeline} from ${last.endLsn}, ${last.reason}`);
  return place.failed(expected, problems.join('; '), [`history: ${seen.history.trim().replace(/\s*\n\s*/g, ' | ')}`]);
}

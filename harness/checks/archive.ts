import { parseTimelineHistory, type TimelineHistory } from '../formats/timeline-history';
import type { ArchiveEvidence, EpisodeEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import type { Check } from './check';
import { barmanCheckFindings } from './archive-barman-check';
import { historyFindings } from './archive-histories';
import { segmentFindings } from './archive-segments';
import { slotFinding } from './archive-slot';
import { sourceFindings } from './archive-source';
import { leaderOf } from './leader-of';
import { lookBarman } from './look';
import { besideCluster } from './no-branch';
import { everyCluster, type ClusterPlace } from './place';
import { judgedInCluster } from './without-ledger';

/** Oracle 9: a cluster that came back without its archive cannot be lost again. */
export const archive: Check = {
  id: 'archive',
  version: 2,
  title:
    'the archive is whole from the chosen backup to now, what it held before is unchanged, and a fresh base backup of the new timeline is there',
  oracle: 9,
  applies: judgedInCluster,
  examine: (examined) =>
    everyCluster('archive', examined, (at) => {
      const { archive: seen } = at.cluster;
      if (!seen) return [at.place.unverified('the archive, walked from the chosen backup to now', 'was not observed')];
      const history = leaderHistory(at);
      return [
        ...segmentFindings(at, seen, history),
        ...historyFindings(at.place, seen, history),
        slotFinding(at.place, seen),
        ...barmanCheckFindings(at.place, seen, examined.episode),
        // Where the history goes on, every backup of before is as good as it was.
        ...(besideCluster(examined.episode) ? [] : freshBackup(at, seen, history, examined.episode)),
        ...sourceFindings(at.place, seen.server, seen.source),
      ];
    }),
};

/** The history that is in force; undefined when no leader tells. @throws FormatError when its text cannot be read */
function leaderHistory({ cluster }: ClusterPlace): TimelineHistory | undefined {
  const member = cluster.members[leaderOf(cluster) ?? ''];
  if (member?.timeline === undefined || (member.history === undefined && member.timeline > 1)) return undefined;
  return parseTimelineHistory(member.timeline, member.history ?? '');
}

function freshBackup(
  { place, cluster }: ClusterPlace,
  seen: ArchiveEvidence,
  history: TimelineHistory | undefined,
  { recovery }: EpisodeEvidence,
): Finding[] {
  const fresh = seen.freshBackup;
  const expected = 'a fresh base backup, DONE, of the new timeline';
  const look = [lookBarman(`barman show-backup ${seen.server} latest`)];
  if (!fresh || fresh.id === cluster.backup?.id)
    return [place.failed(expected, 'none was made after the recovery', look)];
  const found = `${fresh.id}, ${fresh.status}, timeline ${fresh.timeline}`;
  const passed = history && [...history.ancestors.map((row) => row.timeline), history.timeline];
  const problems: string[] = [];
  if (fresh.status !== 'DONE') problems.push(`status ${fresh.status}`);
  if (cluster.systemIdentifier !== '0' && fresh.systemIdentifier !== cluster.systemIdentifier) {
    problems.push(`of system ${fresh.systemIdentifier}`);
  }
  if (recovery?.newTimeline !== undefined && fresh.timeline < recovery.newTimeline)
    problems.push('of the old timeline');
  else if (passed && !passed.includes(fresh.timeline)) problems.push("of a timeline that is not the leader's");
  if (problems.length > 0) return [place.failed(expected, `${found}: ${problems.join(', ')}`, look)];
  return [place.ok(expected, found)];
}

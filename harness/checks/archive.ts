import { compareLsn, formatLsn, parseLsn } from '../formats/lsn';
import { parseTimelineHistory, sameBranch, segmentsNeeded, type TimelineHistory } from '../formats/timeline-history';
import type { ArchiveEvidence, EpisodeEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import type { Check } from './check';
import { recoveryIsJudged } from './applicability';
import { leaderOf } from './leader-of';
import { everyCluster, SHOWN, type ClusterPlace, type Place } from './place';

/** Oracle 9: a cluster that came back without its archive cannot be lost again. */
export const archive: Check = {
  id: 'archive',
  version: 1,
  title: 'the archive is whole from the chosen backup to now, and a fresh base backup of the new timeline is there',
  oracle: 9,
  applies: recoveryIsJudged,
  examine: (examined) =>
    everyCluster('archive', examined, (at) => {
      const { archive: seen } = at.cluster;
      if (!seen) return [at.place.unverified('the archive, walked from the chosen backup to now', 'was not observed')];
      const history = leaderHistory(at);
      return [
        ...segments(at, seen, history),
        ...histories(at.place, seen, history),
        slot(at.place, seen),
        barmanCheck(at.place, seen),
        ...freshBackup(at, seen, history, examined.episode),
      ];
    }),
};

/** The history that is in force; undefined when no leader tells. @throws FormatError when its text cannot be read */
function leaderHistory({ cluster }: ClusterPlace): TimelineHistory | undefined {
  const member = cluster.members[leaderOf(cluster) ?? ''];
  if (member?.timeline === undefined || (member.history === undefined && member.timeline > 1)) return undefined;
  return parseTimelineHistory(member.timeline, member.history ?? '');
}

function segments(
  { place, cluster }: ClusterPlace,
  seen: ArchiveEvidence,
  history: TimelineHistory | undefined,
): Finding[] {
  const { needed, missing, damaged } = seen.segments;
  const expected = `every segment from ${seen.fromLsn} to ${seen.toLsn}`;
  const findings: Finding[] = [];
  const begin = cluster.backup?.beginLsn;
  if (begin === undefined)
    findings.push(place.unverified('the archive from the begin of the chosen backup', 'no backup is recorded'));
  else if (compareLsn(seen.fromLsn, begin) > 0) {
    findings.push(
      place.unverified(
        `the archive from the begin of the chosen backup, ${begin}`,
        `it was walked from ${seen.fromLsn} on`,
      ),
    );
  }
  const due = history ? segmentsNeeded(history, seen.fromLsn, seen.toLsn, seen.segmentSize).length : 1;
  if (needed < Math.max(1, due)) findings.push(place.unverified(expected, `${needed} of ${due} were looked for`));
  const look = `look: on the Barman server: barman list-files --target wal ${seen.server} latest`;
  if (missing.length > 0) {
    findings.push(place.failed(expected, `${missing.length} of ${needed} missing`, [...missing.slice(0, SHOWN), look]));
  }
  if (damaged.length > 0) {
    findings.push(
      place.failed(`${expected}, readable to its end`, `${damaged.length} damaged`, [
        ...damaged.slice(0, SHOWN).map(({ segment, error }) => `${segment}: ${error}`),
        `look: pg_waldump ${damaged[0]?.segment}`,
      ]),
    );
  }
  if (findings.length === 0) findings.push(place.ok(expected, `${needed} there and readable`));
  return findings;
}

/** A hole in the histories makes a later `latest` replay the accident in silence: recovery stops probing there. */
function histories(place: Place, seen: ArchiveEvidence, history: TimelineHistory | undefined): Finding[] {
  const findings: Finding[] = [];
  const look = `look: on the Barman server: the .history files among the WAL of ${seen.server}`;
  if (seen.missingHistories.length > 0) {
    findings.push(
      place.failed('the history file of every timeline', `missing for ${seen.missingHistories.join(', ')}`, [look]),
    );
  }
  if (!history) return [...findings, place.unverified('the histories in force on the leader', 'were not read')];
  const passed = [...history.ancestors.map((row) => row.timeline), history.timeline].filter((timeline) => timeline > 1);
  const absent = passed.filter((timeline) => seen.histories[String(timeline)] === undefined);
  const other = passed.filter((timeline) => {
    const text = seen.histories[String(timeline)];
    return text !== undefined && !agrees(timeline, text, history);
  });
  const expected = `histories of timelines ${passed.join(', ') || '(none)'} as the leader has them`;
  if (absent.length > 0) findings.push(place.failed(expected, `not there: ${absent.join(', ')}`, [look]));
  if (other.length > 0) {
    findings.push(
      place.failed(expected, `of another branch: ${other.join(', ')}`, [
        ...other.map(
          (timeline) => `${timeline}: ${seen.histories[String(timeline)]?.trim().replace(/\s*\n\s*/g, ' | ')}`,
        ),
        look,
      ]),
    );
  }
  if (absent.length === 0 && other.length === 0) findings.push(place.ok(expected, 'all there'));
  return findings;
}

function agrees(timeline: number, text: string, history: TimelineHistory): boolean {
  try {
    return sameBranch(parseTimelineHistory(timeline, text), history);
  } catch {
    // A history file that recovery could not read is no history of this branch.
    return false;
  }
}

/** The segment after the last archived one is being received; a slot that starts beyond it leaves a hole. */
function slot(place: Place, seen: ArchiveEvidence): Finding {
  const { name, present, active, restartLsn } = seen.slot;
  const limit = formatLsn(parseLsn(seen.toLsn) + BigInt(seen.segmentSize));
  const expected = `slot ${name} there, holding WAL from before ${limit}, the end of the segment that is being received`;
  const look = [`look: on the leader: psql -U postgres -h localhost -c "SELECT * FROM pg_replication_slots"`];
  if (!present) return place.failed(expected, 'no such slot', look);
  if (restartLsn === undefined) return place.unverified(expected, 'the slot does not say from where it holds WAL');
  const found = `holds from ${restartLsn}, ${active ? 'in use' : 'not in use'}`;
  return compareLsn(restartLsn, limit) >= 0 ? place.failed(expected, found, look) : place.ok(expected, found);
}

function barmanCheck(place: Place, seen: ArchiveEvidence): Finding {
  const { passed, failing } = seen.check;
  const expected = `barman check ${seen.server} passes`;
  if (passed && failing.length === 0) return place.ok(expected, 'it does');
  return place.failed(expected, `${failing.length} lines fail`, [
    ...failing.slice(0, SHOWN),
    `look: barman check ${seen.server}`,
  ]);
}

function freshBackup(
  { place, cluster }: ClusterPlace,
  seen: ArchiveEvidence,
  history: TimelineHistory | undefined,
  { recovery }: EpisodeEvidence,
): Finding[] {
  const fresh = seen.freshBackup;
  const expected = 'a fresh base backup, DONE, of the new timeline';
  const look = [`look: on the Barman server: barman show-backup ${seen.server} latest`];
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

import { parseTimelineHistory, sameBranch, type TimelineHistory } from '../formats/timeline-history';
import type { EpisodeEvidence, MemberEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import type { Check } from './check';
import { recoveryIsJudged } from './applicability';
import { expectedBranch, problemsOf, stopRecordProblems, type ExpectedBranch } from './expected-branch';
import { leaderOf } from './leader-of';
import { lookHistory, lookSql } from './look';
import { historyGoesOn, noBranch } from './no-branch';
import { everyCluster, whyAbsent, type ClusterPlace, type Place } from './place';
import { withoutLedger } from './without-ledger';

/**
 * Oracle 6: the numbers alone do not tell two branches apart, the history's text does. A replica that carries the
 * accident can be promoted to the very number that the recovery made, with a healthy `patronictl list`.
 */
export const timeline: Check = {
  id: 'timeline',
  version: 2,
  title: 'every member is on the branch that the recovery made, of the same system',
  oracle: 6,
  applies: recoveryIsJudged,
  examine: (examined) =>
    everyCluster('timeline', examined, (at) => [
      ...identifiers(at, examined.episode),
      ...branch(at, examined.episode),
      ...oneHistory(at),
    ]),
};

function identifiers({ place, cluster, members }: ClusterPlace, episode: EpisodeEvidence): Finding[] {
  const when = withoutLedger(episode) ? 'as before the recovery' : 'as at boot';
  const expected = `system identifier ${cluster.systemIdentifier}, ${when}`;
  if (cluster.systemIdentifier === '0') return [place.unverified(`the system identifier ${when}`, 'was not read')];
  const findings = members.map(({ name, place: at, member }) => {
    if (member.systemIdentifier === undefined) return at.unverified(expected, whyAbsent(member, 'server'));
    const other = [member.systemIdentifier, member.rest?.systemIdentifier].find(
      (id) => id !== undefined && id !== cluster.systemIdentifier,
    );
    return other === undefined
      ? at.ok(expected, member.systemIdentifier)
      : at.failed(expected, other, [lookSql(name, 'SELECT system_identifier FROM pg_control_system()')]);
  });
  const backup = cluster.backup?.systemIdentifier;
  if (backup !== undefined && backup !== cluster.systemIdentifier) {
    findings.push(place.failed(expected, `${backup} in backup ${cluster.backup?.id}`));
  }
  return findings;
}

function branch({ place, cluster, members }: ClusterPlace, episode: EpisodeEvidence): Finding[] {
  const { recovery } = episode;
  const expected = 'the recovery made a timeline of its own';
  if (!recovery) return [place.unverified(expected, 'no recovery is recorded')];
  if (recovery.node !== undefined && !cluster.members[recovery.node]) return [];
  if (recovery.outcome === 'skipped') return [place.failed(expected, 'the recovery was not run')];
  if (noBranch(episode)) return historyGoesOn({ place, cluster, members }, episode);
  const wanted = expectedBranch(cluster, episode);
  if (typeof wanted === 'string') return [place.unverified(expected, wanted)];
  return [
    ...stopRecord(place, wanted),
    ...members.map(({ name, place: at, member }) => onBranch(at, name, wanted, member)),
  ];
}

/** The record that stopped replay is the parent's first one at or after the branch. */
function stopRecord(place: Place, wanted: ExpectedBranch): Finding[] {
  const expected = `timeline ${wanted.parent} goes on after the branch with the record that stopped replay`;
  if (wanted.branchLsn === undefined) return [place.unverified(expected, 'where it branched is not recorded')];
  const problems = stopRecordProblems(wanted, wanted.branchLsn);
  if (problems.length === 0 && wanted.target.kind !== 'latest' && !wanted.next)
    return [place.unverified(expected, `branch ${wanted.branchLsn}, but the record after it was not read`)];
  if (problems.length === 0) return [place.ok(expected, `branch ${wanted.branchLsn}`)];
  return [place.failed(expected, problems.join('; '))];
}

function onBranch(place: Place, name: string, wanted: ExpectedBranch, member: MemberEvidence): Finding {
  const expected = `on timeline ${wanted.newTimeline}, which left timeline ${wanted.parent} at ${wanted.branchLsn ?? 'the boundary'}, or on one that came of it`;
  if (member.timeline === undefined) return place.unverified(expected, whyAbsent(member, 'server'));
  if (member.timeline < wanted.newTimeline) {
    return place.failed(expected, `timeline ${member.timeline}`, [lookHistory(name)]);
  }
  if (member.history === undefined)
    return place.unverified(expected, `timeline ${member.timeline}, its history was not read`);
  const history = readHistory(member) ?? 'no history';
  if (typeof history === 'string') return place.failed(expected, history, [lookHistory(name)]);
  const problems = problemsOf(history, wanted);
  if (problems.length === 0) return place.ok(expected, inWords(history));
  return place.failed(expected, problems.join('; '), [`history: ${inWords(history)}`, lookHistory(name)]);
}

function oneHistory({ place, cluster, members }: ClusterPlace): Finding[] {
  const expected = 'all members on one branch, by the text of their histories';
  const read = members.flatMap(({ name, member }) => {
    const history = readHistory(member);
    return typeof history === 'object' ? [{ name, history }] : [];
  });
  const reference = read.find(({ name }) => name === leaderOf(cluster)) ?? read[0];
  if (!reference || read.length < members.length) return [place.unverified(expected, 'not every history was read')];
  const apart = read.filter(({ history }) => !sameBranch(history, reference.history));
  if (apart.length === 0) return [place.ok(expected, inWords(reference.history))];
  return [
    place.failed(expected, `${apart.map(({ name }) => name).join(', ')} differ from ${reference.name}`, [
      ...[reference, ...apart].slice(0, 5).map(({ name, history }) => `${name}: ${inWords(history)}`),
      lookHistory(apart[0]?.name ?? reference.name),
    ]),
  ];
}

/** A member's history; a text when the server's file cannot be read as one; undefined when it was not observed. */
function readHistory(member: MemberEvidence): TimelineHistory | string | undefined {
  if (member.timeline === undefined) return undefined;
  if (member.history === undefined && member.timeline > 1) return undefined;
  try {
    return parseTimelineHistory(member.timeline, member.history ?? '');
  } catch (error) {
    return `a history that cannot be read: ${String(error)}`;
  }
}

function inWords({ timeline: own, ancestors }: TimelineHistory): string {
  return [...ancestors.map((row) => `${row.timeline} until ${row.endLsn} (${row.reason})`), `${own}`].join(' → ');
}

import type { LeaderTerm } from '../record/ledger';
import type { RolesEvidence } from '../record/roles';
import type { Finding } from '../record/finding';
import type { Check, Examined } from './check';
import { leaderChanges, leadersByRest } from './leader-changes';
import { inOrder, keyHeld, writersAtOnce } from './leader-terms';
import { lookEtcd } from './look';
import { noBranch } from './no-branch';
import { everyCluster, firstOf, SHOWN, type ClusterPlace } from './place';
import { judgedByLedger } from './without-ledger';

/**
 * Oracle 7, over time: two looks at the end cannot tell that two members took writes in between. Whether they did is
 * decided from the acknowledgements; etcd's key says who was meant to; Patroni's REST API is a hint.
 */
export const roles: Check = {
  id: 'roles',
  version: 1,
  title: 'never two members that took writes at once, and every one that did had held the leader key',
  oracle: 7,
  applies: judgedByLedger,
  examine: (examined) =>
    everyCluster('roles', examined, (at) => [...atOnce(at, examined), ...withKey(at), ...changes(at, examined)]),
};

const nameOf = ({ member, timeline }: LeaderTerm): string => `${member} on timeline ${timeline}`;

/** Why the terms of the leaders cannot be judged, if they cannot. */
function noTerms({ ledger }: ClusterPlace['cluster']): string | undefined {
  if (!ledger) return 'nobody kept what the writers were told';
  if (!ledger.terms) return 'the ledger does not say who acknowledged from when to when';
  return ledger.terms.length === 0 ? 'no write was acknowledged' : undefined;
}

function atOnce({ place, cluster }: ClusterPlace, { episode }: Examined): Finding[] {
  const declared = episode.twoWritersDeclared === true;
  const expected = declared
    ? 'two members that take writes at once, by nature of the accident: counted'
    : 'no two members that take writes at once';
  const missing = noTerms(cluster);
  if (missing !== undefined) return [place.unverified(expected, missing)];
  const terms = inOrder(cluster.ledger?.terms ?? []);
  const pairs = writersAtOnce(terms);
  if (pairs.length === 0) return [place.ok(expected, `none: ${firstOf(terms.map(nameOf), terms.length)}`)];
  const found = pairs.map(([one, other]) => `${nameOf(one)} and ${nameOf(other)}`);
  const detail = pairs.slice(0, SHOWN).flatMap(([one, other]) => [proof(one, other), proof(other, one)]);
  return [
    declared
      ? place.ok(expected, firstOf(found, found.length), detail)
      : place.failed(expected, firstOf(found), detail),
  ];
}

function proof(one: LeaderTerm, other: LeaderTerm): string {
  return `${one.member} acknowledged a write sent at ${one.lastSentAt}; ${other.member} had acknowledged one at ${other.firstAcknowledgedAt}`;
}

/** The terms against the history of etcd's key. */
function withKey({ place, cluster }: ClusterPlace): Finding[] {
  const expected = 'every member that acknowledged writes held the leader key meanwhile';
  const watched = cluster.roles;
  if (!watched) return [place.unverified(expected, 'nobody watched the key')];
  const missing = noTerms(cluster);
  if (missing !== undefined) return [place.unverified(expected, missing)];
  const terms = inOrder(cluster.ledger?.terms ?? []);
  const by = (wanted: ReturnType<typeof keyHeld>) => terms.filter((term) => keyHeld(term, watched) === wanted);
  const [without, unseen] = [by('not held'), by('unseen')];
  const when = (some: LeaderTerm[]) =>
    some
      .slice(0, SHOWN)
      .map((term) => `${nameOf(term)}: from ${term.firstAcknowledgedAt} to ${term.lastAcknowledgedAt}`);
  const findings: Finding[] = [];
  if (without.length > 0) {
    const detail = [...when(without), ...keyLines(watched), lookEtcd(cluster.scope, 'leader')];
    findings.push(place.failed(expected, `without the key: ${firstOf(without.map(nameOf))}`, detail));
  }
  if (unseen.length > 0) {
    const found = `the key was not watched then: ${firstOf(unseen.map(nameOf))}`;
    findings.push(place.unverified(expected, found, [...when(unseen), ...gapLines(watched)]));
  }
  return findings.length > 0 ? findings : [place.ok(expected, firstOf(terms.map(nameOf)))];
}

/** Changes that nothing explains, gaps of the watch and hints of Patroni's: information, no fault by itself. */
function changes({ place, cluster }: ClusterPlace, { episode }: Examined): Finding[] {
  const watched = cluster.roles;
  if (!watched) return [];
  const expected = 'the leaders of the run, for information';
  const seen = leaderChanges(watched, episode, cluster);
  const unexplained = seen.filter(({ why }) => why === undefined);
  const detail = [
    ...unexplained
      .slice(0, SHOWN)
      .map(({ at, member }) => `not explained by recovery or switchover: ${member} at ${at}`),
    ...gapLines(watched),
    ...leadersByRest(watched).map(
      ({ members, micros }) =>
        `hint: Patroni's REST API named ${members.join(' and ')} as leaders for ${(Number(micros) / 1e6).toFixed(1)} s`,
    ),
  ];
  const path = seen.length > 2 * SHOWN ? `${seen.length} changes` : seen.map(({ member }) => member).join(' → ');
  const counted = unexplained.length === 0 ? '' : `; ${unexplained.length} not explained by recovery or switchover`;
  if (noBranch(episode) && unexplained.length > 0)
    return [
      place.failed('no change of the leader but those that the recovery explains', `${path}${counted}`, [
        ...detail,
        lookEtcd(cluster.scope, 'leader'),
      ]),
    ];
  return [place.ok(expected, `${path === '' ? 'the key named nobody' : path}${counted}`, detail)];
}

function keyLines({ leaderKey }: RolesEvidence): string[] {
  return leaderKey.slice(-2 * SHOWN).map(({ at, member }) => `leader key: ${member ?? 'nobody'} from ${at}`);
}

function gapLines({ gaps }: RolesEvidence): string[] {
  return gaps.slice(0, SHOWN).map(({ from, to, why }) => `etcd not watched from ${from} to ${to ?? 'the end'}: ${why}`);
}

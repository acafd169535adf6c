import { compareLsn } from '../formats/lsn';
import type { EpisodeEvidence, MemberEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import { asBefore, configAsBefore } from './as-before';
import type { Check } from './check';
import { leaderOf } from './leader-of';
import { lookEtcd, lookPatroni, lookSql } from './look';
import { everyCluster, whyAbsent, type ClusterPlace, type Place } from './place';
import { judgedInCluster, withoutLedger } from './without-ledger';

/** State of a healthy member in Patroni's REST API: standbys are `running` on Patroni 3, `streaming` on Patroni 4. */
const HEALTHY: readonly string[] = ['running', 'streaming'];

/** Oracle 8: the cluster is whole again only when every member follows the recovered leader and reads what it writes. */
export const members: Check = {
  id: 'members',
  version: 4,
  title: 'every member is there, streams on the new timeline, and has read a row written after the recovery',
  oracle: 8,
  applies: judgedInCluster,
  examine: (examined) =>
    everyCluster('members', examined, (at) => [
      ...registered(at),
      ...configAsBefore(examined.episode, at),
      ...following(at, examined.episode),
    ]),
};

/** The members that etcd names are those that were observed. */
function registered({ place, cluster, members }: ClusterPlace): Finding[] {
  const expected = 'every observed member registered in etcd, and no other';
  if (!cluster.dcs) return [place.unverified(expected, 'etcd was not observed')];
  const inEtcd = cluster.dcs.members;
  const observed = members.map(({ name }) => name);
  const unregistered = observed.filter((name) => !inEtcd.includes(name));
  const unobserved = inEtcd.filter((name) => !observed.includes(name)).sort();
  const look = [lookEtcd(cluster.scope, 'members/')];
  if (unregistered.length > 0) return [place.failed(expected, `not in etcd: ${unregistered.join(', ')}`, look)];
  if (unobserved.length > 0)
    return [place.unverified(expected, `in etcd, not observed: ${unobserved.join(', ')}`, look)];
  return [place.ok(expected, observed.join(', '))];
}

/**
 * Patroni works out its state once in each loop of its own: for a moment after a start it still says `starting` while
 * PostgreSQL streams or takes writes (seen after a switchover).
 */
function hasStarted(member: MemberEvidence): boolean {
  return member.inRecovery === false || member.receiver?.status === 'streaming';
}

function following({ cluster, members }: ClusterPlace, episode: EpisodeEvidence): Finding[] {
  const leader = leaderOf(cluster);
  const timeline = leader === undefined ? undefined : cluster.members[leader]?.timeline;
  return members.flatMap(({ name, place, member }) => {
    if (member.unreachable !== undefined)
      return [place.failed('the member answers', member.unreachable, [lookPatroni(name)])];
    return [
      ...inPatroni(place, name, member),
      ...streaming(place, name, member, { name: leader, timeline }),
      ...replayed(place, name, member),
      probeRead(place, name, member, withoutLedger(episode)),
      ...asBefore(episode, cluster.settingsBefore, name, place, member),
    ];
  });
}

function inPatroni(place: Place, name: string, member: MemberEvidence): Finding[] {
  const expected = "Patroni's REST API answers";
  if (!member.rest) {
    // Asked and silent is a fault of the member; not asked is nobody's.
    const silent = member.unread?.patroni;
    return [
      silent === undefined
        ? place.unverified(expected, whyAbsent(member, 'patroni'))
        : place.failed(expected, silent, [lookPatroni(name)]),
    ];
  }
  const { state } = member.rest;
  if (HEALTHY.includes(state) || (state === 'starting' && hasStarted(member))) return [];
  return [place.failed("state running or streaming in Patroni's REST API", state, [lookPatroni(name)])];
}

function streaming(
  place: Place,
  name: string,
  member: MemberEvidence,
  leader: { name: string | undefined; timeline: number | undefined },
): Finding[] {
  if (member.inRecovery === undefined) return [place.unverified('leader or standby', whyAbsent(member, 'server'))];
  if (!member.inRecovery) return [];
  const expected = `streams on timeline ${leader.timeline ?? '(unknown)'} of ${leader.name ?? 'the leader'}`;
  const { receiver } = member;
  const look = [lookSql(name, 'SELECT * FROM pg_stat_wal_receiver')];
  const found = receiver
    ? `${receiver.status} on timeline ${receiver.timeline}${receiver.sender === undefined ? '' : ` from ${receiver.sender}`}`
    : 'no WAL receiver';
  if (receiver?.status !== 'streaming') return [place.failed(expected, found, look)];
  if (leader.timeline === undefined) return [place.unverified(expected, found)];
  if (receiver.timeline !== leader.timeline) return [place.failed(expected, found, look)];
  return [place.ok(expected, found)];
}

/** Streaming is not replaying: a standby can receive everything and apply nothing. */
function replayed(place: Place, name: string, member: MemberEvidence): Finding[] {
  if (member.inRecovery !== true) return [];
  const { readAt, replayLsn } = member;
  if (readAt === undefined || replayLsn === undefined)
    return [place.unverified('replayed up to where the leader was', 'the positions were not noted')];
  const expected = `replayed up to ${readAt}, where the leader was`;
  if (compareLsn(replayLsn, readAt) >= 0) return [place.ok(expected, replayLsn)];
  return [
    place.failed(expected, replayLsn, [
      lookSql(name, 'SELECT pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn(), pg_get_wal_replay_pause_state()'),
    ]),
  ];
}

function probeRead(place: Place, name: string, member: MemberEvidence, withoutRows: boolean): Finding {
  const { probe } = member;
  // Where nothing may be written into somebody's databases, the fate of a transaction is asked instead.
  if (withoutRows) {
    const expected = `committed after the recovery on the leader, known here: ${probe?.expected ?? 'a transaction'}`;
    if (!probe) return place.unverified(expected, whyAbsent(member, 'probe'));
    if (probe.expected === probe.found) return place.ok(expected, 'so it is');
    return place.failed(expected, probe.found, [lookSql(name, 'SELECT pg_current_snapshot()')]);
  }
  if (!probe) return place.unverified('a row written after the recovery is read here', whyAbsent(member, 'probe'));
  if (probe.expected === probe.found) return place.ok('a row written after the recovery is read here', probe.found);
  return place.failed(`the row written after the recovery: ${probe.expected}`, probe.found || 'no row', [
    lookSql(name, 'SELECT * FROM ledger.probe', 'ledger'),
  ]);
}

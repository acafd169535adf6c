import type { MemberEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import type { Check } from './check';
import { recoveryIsJudged } from './applicability';
import { leaderOf } from './leader-of';
import { everyCluster, whyAbsent, type ClusterPlace } from './place';

/** State of a healthy member in Patroni's REST API: standbys are `running` on Patroni 3, `streaming` on Patroni 4. */
const HEALTHY: readonly string[] = ['running', 'streaming'];

/** Oracle 8: the cluster is whole again only when every member follows the recovered leader and reads what it writes. */
export const members: Check = {
  id: 'members',
  version: 1,
  title: 'every member is there, streams on the new timeline, and has read a row written after the recovery',
  oracle: 8,
  applies: recoveryIsJudged,
  examine: (examined) => everyCluster('members', examined, (at) => [...registered(at), ...following(at)]),
};

/** The members that etcd names are those that were observed. */
function registered({ place, cluster, members }: ClusterPlace): Finding[] {
  const expected = 'every observed member registered in etcd, and no other';
  if (!cluster.dcs) return [place.unverified(expected, 'etcd was not observed')];
  const inEtcd = cluster.dcs.members;
  const observed = members.map(({ name }) => name);
  const unregistered = observed.filter((name) => !inEtcd.includes(name));
  const unobserved = inEtcd.filter((name) => !observed.includes(name)).sort();
  const look = `look: etcdctl get --prefix --keys-only /service/${cluster.scope}/members/`;
  if (unregistered.length > 0) return [place.failed(expected, `not in etcd: ${unregistered.join(', ')}`, [look])];
  if (unobserved.length > 0)
    return [place.unverified(expected, `in etcd, not observed: ${unobserved.join(', ')}`, [look])];
  return [place.ok(expected, observed.join(', '))];
}

/**
 * Patroni works out its state once in each loop of its own: for a moment after a start it still says `starting` while
 * PostgreSQL streams or takes writes (seen after a switchover).
 */
function hasStarted(member: MemberEvidence): boolean {
  return member.inRecovery === false || member.receiver?.status === 'streaming';
}

function following({ cluster, members }: ClusterPlace): Finding[] {
  const leader = leaderOf(cluster);
  const leaderTimeline = leader === undefined ? undefined : cluster.members[leader]?.timeline;
  return members.flatMap(({ name, place, member }) => {
    if (member.unreachable !== undefined) {
      return [
        place.failed('the member answers', member.unreachable, ['look: patronictl -c /etc/patroni/patroni.yml list']),
      ];
    }
    const findings: Finding[] = [];
    if (!member.rest) findings.push(place.unverified("Patroni's REST API answers", whyAbsent(member)));
    else if (!HEALTHY.includes(member.rest.state) && !(member.rest.state === 'starting' && hasStarted(member))) {
      findings.push(
        place.failed("state running or streaming in Patroni's REST API", member.rest.state, [
          `look: curl -s http://${name}:8008/patroni`,
        ]),
      );
    }
    if (member.inRecovery === undefined) findings.push(place.unverified('leader or standby', whyAbsent(member)));
    else if (member.inRecovery) {
      const expected = `streams on timeline ${leaderTimeline ?? '(unknown)'} of ${leader ?? 'the leader'}`;
      const { receiver } = member;
      const look = [`look: on ${name}: psql -U postgres -h localhost -c "SELECT * FROM pg_stat_wal_receiver"`];
      const found = receiver
        ? `${receiver.status} on timeline ${receiver.timeline}${receiver.sender === undefined ? '' : ` from ${receiver.sender}`}`
        : 'no WAL receiver';
      if (receiver?.status !== 'streaming') findings.push(place.failed(expected, found, look));
      else if (leaderTimeline === undefined) findings.push(place.unverified(expected, found));
      else if (receiver.timeline !== leaderTimeline) findings.push(place.failed(expected, found, look));
      else findings.push(place.ok(expected, found));
    }
    if (!member.probe)
      findings.push(place.unverified('a row written after the recovery is read here', whyAbsent(member)));
    else if (member.probe.expected !== member.probe.found) {
      findings.push(
        place.failed(`the row written after the recovery: ${member.probe.expected}`, member.probe.found || 'no row', [
          `look: on ${name}: psql -U postgres -h localhost -c "SELECT pg_last_wal_replay_lsn()", then on ${leader ?? 'the leader'}: … "SELECT pg_current_wal_lsn()"`,
        ]),
      );
    } else findings.push(place.ok('a row written after the recovery is read here', member.probe.found));
    return findings;
  });
}

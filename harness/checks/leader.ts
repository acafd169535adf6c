import type { MemberEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import type { Check } from './check';
import { lookEtcd, lookPatroni, lookSql } from './look';
import { everyCluster, whyAbsent, type ClusterPlace, type Place } from './place';
import { judgedInCluster } from './without-ledger';

/** Patroni 3 calls the leader `master` in its REST API, Patroni 4 `primary`. */
const LEADING: readonly string[] = ['master', 'primary', 'leader'];
/** The settings that name a target; the others (`_action`, `_inclusive`) are never empty and do nothing by themselves. */
const TARGETS = [
  'recovery_target',
  'recovery_target_lsn',
  'recovery_target_name',
  'recovery_target_time',
  'recovery_target_xid',
];
/**
 * `latest` is the default, and what Patroni gives every standby. A number, or `current` (the backup's own timeline), pins
 * a standby: at the next failover it does not follow (PostgreSQL documentation, 20.5.6, `recovery_target_timeline`).
 */
const TIMELINES_THAT_FOLLOW: readonly string[] = ['', 'latest'];

/** Oracle 7: three sources must name one leader; `patronictl list` alone looked healthy on a cluster that was not. */
export const leader: Check = {
  id: 'leader',
  version: 2,
  title: 'exactly one leader, on which etcd, Patroni and PostgreSQL agree; no recovery target left in force',
  oracle: 7,
  applies: judgedInCluster,
  examine: (examined) =>
    everyCluster('leader', examined, (at) => [
      ...inEtcd(at),
      ...initialized(at),
      ...inRest(at),
      ...inPostgres(at),
      ...at.members.map(({ name, place, member }) => targetsLeft(place, name, member)),
    ]),
};

function inEtcd({ place, cluster, members }: ClusterPlace): Finding[] {
  const expected = 'one leader key in etcd, naming a member';
  const { dcs } = cluster;
  if (!dcs) return [place.unverified(expected, 'etcd was not observed')];
  const look = [lookEtcd(cluster.scope)];
  if (dcs.leaderKeys.length !== 1) {
    return [place.failed(expected, `${dcs.leaderKeys.length} leader keys`, [...dcs.leaderKeys.slice(0, 5), ...look])];
  }
  if (dcs.leader === undefined || dcs.leader === '') return [place.failed(expected, 'the key names nobody', look)];
  if (!members.some(({ name }) => name === dcs.leader)) return [place.failed(expected, `it names ${dcs.leader}`, look)];
  return [place.ok(expected, `${dcs.leader}`)];
}

function initialized({ place, cluster }: ClusterPlace): Finding[] {
  const expected = `/initialize is the system identifier ${cluster.systemIdentifier}`;
  if (!cluster.dcs) return [place.unverified(expected, 'etcd was not observed')];
  if (cluster.systemIdentifier === '0')
    return [place.unverified(expected, 'the system identifier was not read at boot')];
  const { initialize } = cluster.dcs;
  if (initialize === cluster.systemIdentifier) return [place.ok(expected, initialize)];
  return [place.failed(expected, initialize ?? 'no such key', [lookEtcd(cluster.scope, 'initialize')])];
}

/** What Patroni says on each member, against the key in etcd. */
function inRest({ cluster, members }: ClusterPlace): Finding[] {
  const holder = cluster.dcs?.leader;
  return members.map(({ name, place, member }) => {
    const leads = holder === name;
    const expected = `Patroni's REST API says ${leads ? 'leader' : 'replica'}, as etcd does`;
    if (!member.rest) return place.unverified(expected, whyAbsent(member, 'patroni'));
    if (holder === undefined) return place.unverified(expected, `${member.rest.role}, but etcd names no leader`);
    if (LEADING.includes(member.rest.role) === leads) return place.ok(expected, member.rest.role);
    return place.failed(expected, member.rest.role, [lookPatroni(name)]);
  });
}

/** What PostgreSQL says on each member, against the key in etcd. */
function inPostgres({ cluster, members }: ClusterPlace): Finding[] {
  const holder = cluster.dcs?.leader;
  return members.map(({ name, place, member }) => {
    const leads = holder === name;
    const expected = `pg_is_in_recovery() is ${leads ? 'false' : 'true'}, as etcd's leader key has it`;
    if (member.inRecovery === undefined) return place.unverified(expected, whyAbsent(member, 'server'));
    if (holder === undefined) return place.unverified(expected, `${member.inRecovery}, but etcd names no leader`);
    if (member.inRecovery === !leads) return place.ok(expected, `${member.inRecovery}`);
    return place.failed(expected, `${member.inRecovery}`, [lookSql(name, 'SELECT pg_is_in_recovery()')]);
  });
}

/** Empty entries are Patroni's own, written after every promotion, and harmless. */
function targetsLeft(place: Place, name: string, member: MemberEvidence): Finding {
  const expected = 'no recovery target in force';
  if (!member.recoveryTargets) return place.unverified(expected, whyAbsent(member, 'server'));
  const settings = member.recoveryTargets;
  const left = [
    ...TARGETS.filter((setting) => (settings[setting] ?? '') !== ''),
    ...(TIMELINES_THAT_FOLLOW.includes(settings['recovery_target_timeline'] ?? '') ? [] : ['recovery_target_timeline']),
  ];
  if (left.length === 0) return place.ok(expected, 'none');
  return place.failed(expected, left.map((setting) => `${setting} = '${settings[setting]}'`).join(', '), [
    lookSql(name, "SELECT name, setting, sourcefile FROM pg_settings WHERE name LIKE 'recovery_target%'"),
  ]);
}

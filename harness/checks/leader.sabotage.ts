import { sabotage, there } from './spoiled';

const id = 'leader';

export const leaderSabotages = [
  sabotage('second-leader-key', 'etcd holds two leader keys', { reds: [id] }, ({ cluster, dcs }) => {
    dcs.leaderKeys.push(`/service/${cluster.scope}-old/leader`);
  }),
  sabotage('second-writable-member', 'a replica takes writes too', { reds: [id] }, ({ replica }) => {
    replica.inRecovery = false;
    delete replica.receiver;
  }),
  sabotage('rest-disagrees', 'Patroni on a replica says that it leads', { reds: [id] }, ({ replica, leader }) => {
    there(replica.rest, 'REST answer').role = there(leader.rest, 'REST answer').role;
  }),
  sabotage('stale-leader-key', 'the leader key names a replica', { reds: [id] }, ({ dcs, replicaName }) => {
    dcs.leader = replicaName;
  }),
  sabotage('stale-initialize', '/initialize is of another system', { reds: [id] }, ({ dcs }) => {
    dcs.initialize = '7000000000000000001';
  }),
  sabotage('target-left-in-force', 'the leader still has a recovery target', { reds: [id] }, ({ leader }) => {
    leader.recoveryTargets = { recovery_target_time: '2026-11-21 05:51:02.123456+00' };
  }),
  sabotage('etcd-not-asked', 'etcd was not observed', { unverified: [id, 'members'] }, ({ cluster }) => {
    delete cluster.dcs;
  }),
];

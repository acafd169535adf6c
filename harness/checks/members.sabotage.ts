import { sabotage, there } from './spoiled';

const id = 'members';

export const membersSabotages = [
  sabotage('replica-left-behind', 'a replica does not stream', { reds: [id] }, ({ replica }) => {
    there(replica.receiver, 'receiver').status = 'waiting';
  }),
  sabotage('replica-without-receiver', 'a replica has no WAL receiver', { reds: [id] }, ({ replica }) => {
    delete replica.receiver;
  }),
  sabotage('new-row-not-read', 'a row written after the recovery does not arrive', { reds: [id] }, ({ replica }) => {
    there(replica.probe, 'probe').found = '';
  }),
  sabotage('member-fails-to-start', 'Patroni cannot start a replica', { reds: [id] }, ({ replica }) => {
    there(replica.rest, 'REST answer').state = 'start failed';
  }),
  sabotage(
    'member-gone',
    'a replica does not answer',
    { reds: [id], unverified: ['acknowledged-writes', 'content', 'integrity', 'timeline', 'leader', 'switchover'] },
    ({ cluster, replicaName }) => {
      cluster.members[replicaName] = { unreachable: 'connect ECONNREFUSED' };
    },
  ),
  sabotage('member-not-in-etcd', 'a replica is not registered', { reds: [id] }, ({ dcs, replicaName }) => {
    dcs.members = dcs.members.filter((name) => name !== replicaName);
  }),
];

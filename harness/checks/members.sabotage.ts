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
  sabotage('replay-left-behind', 'a replica streams and applies nothing', { reds: [id] }, ({ replica }) => {
    replica.replayLsn = '0/4000000';
  }),
  sabotage('replay-not-noted', 'nobody noted how far a replica had replayed', { unverified: [id] }, ({ replica }) => {
    delete replica.replayLsn;
  }),
  sabotage('patroni-silent', 'Patroni of a replica does not answer', { reds: [id], unverified: ['leader'] }, (at) => {
    delete at.replica.rest;
    at.replica.unread = { patroni: "Patroni's REST API did not answer" };
  }),
  sabotage(
    'member-gone',
    'a replica does not answer',
    {
      reds: [id],
      unverified: ['acknowledged-writes', 'content', 'globals', 'integrity', 'timeline', 'leader', 'switchover'],
    },
    ({ cluster, replicaName }) => {
      there(cluster.ledger, 'ledger');
      cluster.members[replicaName] = { unreachable: 'connect ECONNREFUSED' };
    },
  ),
  sabotage('member-not-in-etcd', 'a replica is not registered', { reds: [id] }, ({ dcs, replicaName }) => {
    dcs.members = dcs.members.filter((name) => name !== replicaName);
  }),
];

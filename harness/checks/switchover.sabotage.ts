import { firstIn, sabotage, there, without } from './spoiled';

export const switchoverSabotages = [
  sabotage(
    'lost-at-switchover',
    'a write acknowledged around the switchover is not on a replica',
    { reds: ['acknowledged-writes', 'switchover'] },
    ({ cluster, replica, replicaName }) => {
      const turn = there(cluster.switchover, 'switchover');
      const write = firstIn(turn.acknowledged, 'write around the switchover');
      turn.missing[replicaName] = `${write}`;
      replica.ledger = without(replica.ledger, write);
    },
  ),
  sabotage(
    'switchover-told-missing',
    'right after the switchover a write was not there',
    { reds: ['switchover'] },
    ({ cluster, replicaName }) => {
      const turn = there(cluster.switchover, 'switchover');
      turn.missing[replicaName] = `${firstIn(turn.acknowledged, 'write around the switchover')}`;
    },
  ),
  sabotage(
    'switchover-without-writes',
    'nothing was written around the switchover',
    { unverified: ['switchover'] },
    ({ cluster }) => {
      there(cluster.switchover, 'switchover').acknowledged = '';
    },
  ),
];

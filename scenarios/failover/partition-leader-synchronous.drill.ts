import { awaitPromotion, defineDrill, heal, mend, partitionMember, synchronousMode } from 'pgdrill';

export default defineDrill({
  id: 'partition-leader-synchronous',
  title: 'synchronous mode, the leader cut off from etcd and the replicas: no acknowledged write is lost',
  labels: ['failover'],
  before: synchronousMode(),
  accident: partitionMember({ on: 'leader', from: 'cluster' }),
  recovery: heal({
    title: 'by Patroni itself, once the network is whole again',
    cures: [awaitPromotion(), mend()],
    promotions: [1, 1],
    loss: true,
  }),
});

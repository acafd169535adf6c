import { awaitPromotion, defineDrill, heal, mend, partitionMember } from 'pgdrill';

export default defineDrill({
  id: 'partition-leader-from-cluster',
  title: 'the leader cut off from etcd and the replicas: what it acknowledged alone is given up, and counted',
  labels: ['failover'],
  accident: partitionMember({ on: 'leader', from: 'cluster' }),
  recovery: heal({
    title: 'by Patroni itself, once the network is whole again',
    cures: [awaitPromotion(), mend()],
    promotions: [1, 1],
    loss: true,
  }),
});

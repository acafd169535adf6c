import { awaitPromotion, defineDrill, heal, mend, partitionMember } from 'pgdrill';

export default defineDrill({
  id: 'partition-leader-from-etcd',
  title: 'the leader cut off from etcd: it demotes itself, another member is promoted',
  labels: ['failover'],
  accident: partitionMember({ on: 'leader', from: 'etcd' }),
  recovery: heal({
    title: 'by Patroni itself, once the network is whole again',
    cures: [awaitPromotion(), mend()],
    promotions: [1, 1],
    loss: true,
  }),
});

import { awaitPromotion, defineDrill, etcdOldSnapshot, etcdSnapshot, heal, patroniSays, switchover } from 'pgdrill';

export default defineDrill({
  id: 'etcd-old-snapshot',
  title:
    'etcd restored from a snapshot that names the leader of before: Patroni goes by it, and two take writes for a moment',
  labels: ['dcs'],
  async before(context) {
    const taken = await etcdSnapshot()(context);
    return `${taken}; ${await switchover()(context)}`;
  },
  accident: etcdOldSnapshot({ taken: 'earlier' }),
  recovery: heal({
    title: 'by Patroni itself',
    cures: [patroniSays(/promoted self to leader because I had the session lock/), awaitPromotion()],
    promotions: [1, 1],
    loss: true,
  }),
});

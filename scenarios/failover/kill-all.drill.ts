import { defineDrill, heal, killAll, mend } from 'pgdrill';

export default defineDrill({
  id: 'kill-all',
  title: 'every container killed at once, and started again',
  labels: ['failover'],
  accident: killAll(),
  recovery: heal({
    title: 'by PostgreSQL, Patroni and etcd themselves, once they are started again',
    cures: [mend()],
    promotions: [0, 1],
    loss: true,
  }),
});

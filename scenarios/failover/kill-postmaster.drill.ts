import { defineDrill, heal, killPostmaster } from 'pgdrill';

export default defineDrill({
  id: 'kill-postmaster',
  title: 'postmaster of the leader killed: Patroni starts it again, or a replica takes over',
  labels: ['failover'],
  accident: killPostmaster({ on: 'leader' }),
  recovery: heal({ title: 'by Patroni itself', promotions: [0, 1] }),
});

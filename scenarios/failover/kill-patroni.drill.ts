import { defineDrill, heal, killPatroni } from 'pgdrill';

export default defineDrill({
  id: 'kill-patroni',
  title: 'Patroni of the leader killed and started again within ttl: PostgreSQL goes on, nobody else leads',
  labels: ['failover'],
  accident: killPatroni({ on: 'leader' }),
  recovery: heal({ title: 'by the supervisor, which starts Patroni again' }),
});

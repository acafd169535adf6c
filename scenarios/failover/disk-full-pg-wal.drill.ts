import { awaitSymptom, defineDrill, diskFull, heal, mend } from 'pgdrill';

export default defineDrill({
  id: 'disk-full-pg-wal',
  title: 'no room for WAL on the leader: PostgreSQL goes down with PANIC, and comes back once there is room',
  labels: ['failover'],
  disks: { walBytes: 384 * 1024 ** 2 },
  accident: diskFull({ on: 'leader' }),
  recovery: heal({
    title: 'room made, by Patroni itself',
    cures: [awaitSymptom('struck', /No space left on device/), mend()],
    promotions: [0, 1],
  }),
});

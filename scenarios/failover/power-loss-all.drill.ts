import { defineDrill, heal, mend, powerLoss, synchronousMode } from 'pgdrill';

export default defineDrill({
  id: 'power-loss-all',
  title: 'every member loses its power: what was not synced is gone, no acknowledged write is',
  labels: ['failover'],
  disks: { ownFileSystem: true },
  // Else whoever is promoted first may lack what only the old leader has on its disk.
  before: synchronousMode(),
  accident: powerLoss(),
  recovery: heal({
    title: 'by PostgreSQL and Patroni themselves, once the machines are started',
    cures: [mend()],
    promotions: [0, 1],
    loss: true,
  }),
});

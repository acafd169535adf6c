import { defineDrill, heal, patroniSays, refusesWrites, restoreInitializeKey, staleInitializeKey } from 'pgdrill';

export default defineDrill({
  id: 'stale-initialize-key',
  title: '/initialize of another system: every Patroni ends, and comes back once the key is that of the data',
  labels: ['dcs'],
  accident: staleInitializeKey(),
  recovery: heal({
    title: '/initialize put right',
    cures: [
      patroniSays(/system ID mismatch, node \S+ belongs to a different cluster/),
      refusesWrites(),
      restoreInitializeKey(),
    ],
    promotions: [1, 1],
    // Replicas end first or last: whoever is back first leads.
    loss: true,
  }),
});

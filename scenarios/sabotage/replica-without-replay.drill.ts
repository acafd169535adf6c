import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

/** Patroni calls it healthy. Its observation waits for the deadline "replay caught up". */
export default defineDrill({
  id: 'replica-without-replay',
  title: 'sabotage: a replica streams and does not replay',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster }) {
    const leader = await cluster.leader();
    const replica = cluster.others(leader.name).at(-1)!;
    await replica.query('SELECT pg_wal_replay_pause()');
    return `replay is paused on ${replica.name}`;
  },
  expect: verdict('failed', { by: 'members' }),
});

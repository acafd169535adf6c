import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'sequence-set-back',
  title: 'sabotage: a sequence gives numbers out a second time',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster, database }) {
    const leader = await cluster.leader();
    await leader.query("SELECT setval('book.tickets_id_seq', 1)", [], database);
    return 'book.tickets_id_seq is back at 1';
  },
  expect: verdict('failed', { by: 'content' }),
});

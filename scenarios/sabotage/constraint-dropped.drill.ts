import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'constraint-dropped',
  title: 'sabotage: a foreign key is gone',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster, database }) {
    const leader = await cluster.leader();
    await leader.query('ALTER TABLE book.tickets DROP CONSTRAINT tickets_fkseat_fkey', [], database);
    return 'tickets_fkseat_fkey is gone';
  },
  expect: verdict('failed', { by: 'content' }),
});

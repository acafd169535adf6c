import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

const pitr = isolatedNodePitr({ target: beforeAccident() });

export default defineDrill({
  id: 'row-removed-after-recovery',
  title: 'sabotage: one ticket removed after an honest recovery',
  labels: ['sabotage', 'smoke'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  async recovery(context) {
    const result = await pitr.recover(context);
    const leader = await context.cluster.leader();
    await leader.query('DELETE FROM book.tickets WHERE id = (SELECT max(id) FROM book.tickets)', [], context.database);
    return result;
  },
  expect: verdict('failed', { by: 'content' }),
});

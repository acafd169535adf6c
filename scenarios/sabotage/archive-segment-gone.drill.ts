import { archivedWal, beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'archive-segment-gone',
  title: 'sabotage: a WAL segment of the recovered cluster is not in the archive',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil(context) {
    const { proof } = await archivedWal({ how: 'removed' }).strike({ ...context, episode: 0 });
    return `${proof.expected}: ${proof.found}`;
  },
  expect: verdict('failed', { by: 'archive' }),
});

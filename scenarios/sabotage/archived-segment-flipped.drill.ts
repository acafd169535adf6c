import { archivedWal, beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'archived-segment-flipped',
  title: 'sabotage: a byte of an archived WAL segment is another',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil(context) {
    const { proof } = await archivedWal({ how: 'flipped' }).strike({ ...context, episode: 0 });
    return `${proof.expected}: ${proof.found}`;
  },
  expect: verdict('failed', { by: 'archive' }),
});

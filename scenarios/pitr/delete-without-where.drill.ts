import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai } from 'pgdrill';

export default defineDrill({
  id: 'delete-without-where',
  title: 'DELETE without WHERE, undone by PITR on an isolated replica',
  labels: ['smoke'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
});

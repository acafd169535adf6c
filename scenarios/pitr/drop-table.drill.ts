import { beforeAccident, defineDrill, dropTable, isolatedNodePitr, thai } from 'pgdrill';

export default defineDrill({
  id: 'drop-table',
  title: 'DROP TABLE, undone by PITR: rows, sequence, keys and all',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: dropTable('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
});

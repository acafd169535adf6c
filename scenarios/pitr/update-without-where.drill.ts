import { beforeAccident, defineDrill, isolatedNodePitr, thai, updateWithoutWhere } from 'pgdrill';

export default defineDrill({
  id: 'update-without-where',
  title: 'UPDATE without WHERE, which no count of rows shows, undone by PITR',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: updateWithoutWhere('book.tickets', { column: 'fio', value: 'NOBODY' }),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
});

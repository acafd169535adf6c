import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai } from 'pgdrill';

export default defineDrill({
  id: 'fresh-backup-restored-aside',
  title: 'recovered, and it can be lost again: the fresh backup is restored aside to a point after it',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  deep: true,
});

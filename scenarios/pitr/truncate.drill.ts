import { beforeAccident, defineDrill, isolatedNodePitr, thai, truncateTable } from 'pgdrill';

export default defineDrill({
  id: 'truncate',
  title: 'TRUNCATE with its sequence set back, undone by PITR',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: truncateTable('book.tickets', { restartIdentity: true }),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
});

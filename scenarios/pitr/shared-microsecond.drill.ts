import { atLsn, commitBurst, defineDrill, deleteAllRows, inOrder, isolatedNodePitr, mark, thai } from 'pgdrill';

export default defineDrill({
  id: 'shared-microsecond',
  title: 'PITR between two commits of one microsecond, which no time can part and an LSN can',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitBurst(), deleteAllRows('book.tickets')),
  recovery: isolatedNodePitr({ target: atLsn(mark('second'), { inclusive: false }) }),
});

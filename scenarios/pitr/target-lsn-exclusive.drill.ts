import { atLsn, commitMark, defineDrill, deleteAllRows, inOrder, isolatedNodePitr, mark, thai } from 'pgdrill';

export default defineDrill({
  id: 'target-lsn-exclusive',
  title: 'PITR to the LSN of a commit record, exclusive: that commit is left out, the one before it is not',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('kept'), commitMark('left out'), deleteAllRows('book.tickets')),
  recovery: isolatedNodePitr({ target: atLsn(mark('left out'), { inclusive: false }) }),
});

import { atLsn, commitMark, defineDrill, deleteAllRows, inOrder, isolatedNodePitr, mark, thai } from 'pgdrill';

export default defineDrill({
  id: 'target-lsn-inclusive',
  title: 'PITR to the LSN of a commit record, inclusive: that commit is kept, the next is not',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('kept'), commitMark('left out'), deleteAllRows('book.tickets')),
  recovery: isolatedNodePitr({ target: atLsn(mark('kept')) }),
});

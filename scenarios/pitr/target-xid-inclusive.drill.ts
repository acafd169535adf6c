import { atXid, commitMark, defineDrill, deleteAllRows, inOrder, isolatedNodePitr, mark, thai } from 'pgdrill';

export default defineDrill({
  id: 'target-xid-inclusive',
  title: 'PITR to a transaction, inclusive: it is the last that is kept',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('kept'), commitMark('left out'), deleteAllRows('book.tickets')),
  recovery: isolatedNodePitr({ target: atXid(mark('kept')) }),
});

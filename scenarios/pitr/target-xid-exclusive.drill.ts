import { beforeAccident, commitMark, defineDrill, deleteAllRows, inOrder, isolatedNodePitr, thai } from 'pgdrill';

export default defineDrill({
  id: 'target-xid-exclusive',
  title: 'PITR to the transaction of the accident, exclusive: all that committed before it is kept',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('kept'), deleteAllRows('book.tickets'), commitMark('left out')),
  recovery: isolatedNodePitr({ target: beforeAccident({ by: 'xid' }) }),
});

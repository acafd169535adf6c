import { commitMark, defineDrill, deleteAllRows, immediate, inOrder, isolatedNodePitr, thai } from 'pgdrill';

export default defineDrill({
  id: 'target-immediate',
  title: 'PITR to the end of the base backup, and not a record further',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('left out'), deleteAllRows('book.tickets')),
  recovery: isolatedNodePitr({ target: immediate() }),
});

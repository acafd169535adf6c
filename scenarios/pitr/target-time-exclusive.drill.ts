import { atTime, commitBurst, defineDrill, deleteAllRows, inOrder, isolatedNodePitr, mark, thai } from 'pgdrill';

export default defineDrill({
  id: 'target-time-exclusive',
  title: 'PITR to the very time of two commits, exclusive: both are left out, as the plan warns',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitBurst(), deleteAllRows('book.tickets')),
  recovery: isolatedNodePitr({ target: atTime(mark('first'), { inclusive: false }) }),
});

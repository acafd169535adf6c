import { atTime, commitBurst, defineDrill, deleteAllRows, inOrder, isolatedNodePitr, mark, thai } from 'pgdrill';

export default defineDrill({
  id: 'microsecond-boundary',
  title:
    'PITR by time between two commits less than a millisecond apart; the second shares its microsecond with a third',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitBurst(), deleteAllRows('book.tickets')),
  recovery: isolatedNodePitr({ target: atTime(mark('before')) }),
});

import { beforeAccident, commitMark, defineDrill, deleteAllRows, inOrder, interruptedPitr, thai } from 'pgdrill';

export default defineDrill({
  id: 'interrupted-then-rolled-back',
  title:
    'a PITR killed before the new leader, rolled back by two processes, for one is killed, too; killed after it, refused for its writes, then forced; then done',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('kept'), deleteAllRows('book.tickets')),
  recovery: interruptedPitr({
    target: beforeAccident(),
    cuts: [
      { at: 'check-there', then: 'rollback', killRollback: true },
      { at: 'rejoin', then: 'rollback', refused: 'PGDRILL_WRITES_ACKNOWLEDGED', force: true },
    ],
  }),
});

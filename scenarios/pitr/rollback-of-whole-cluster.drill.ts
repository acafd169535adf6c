import { beforeAccident, commitMark, defineDrill, deleteAllRows, inOrder, interruptedPitr, thai } from 'pgdrill';

export default defineDrill({
  id: 'rollback-of-whole-cluster',
  title:
    'PITR with every member and etcd stopped, killed and rolled back before anything runs again, and once more with a new leader; then done',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('kept'), deleteAllRows('book.tickets')),
  recovery: interruptedPitr({
    target: beforeAccident(),
    strategy: 'whole-cluster',
    cuts: [
      { at: 'check-there', then: 'rollback', killRollback: true },
      { at: 'rejoin', then: 'rollback', refused: 'PGDRILL_WRITES_ACKNOWLEDGED', force: true },
    ],
  }),
});

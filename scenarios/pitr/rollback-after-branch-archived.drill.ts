import { beforeAccident, commitMark, defineDrill, deleteAllRows, inOrder, interruptedPitr, thai } from 'pgdrill';

export default defineDrill({
  id: 'rollback-after-branch-archived',
  title: 'a PITR rolled back once its branch is in the archive and a backup of it made: both are taken back',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('kept'), deleteAllRows('book.tickets')),
  recovery: interruptedPitr({
    target: beforeAccident(),
    // The old leader's data is put aside when it rejoins, and the way back with it.
    keepOld: true,
    cuts: [{ at: 'tidy', then: 'rollback', refused: 'PGDRILL_WRITES_ACKNOWLEDGED', force: true }],
  }),
});

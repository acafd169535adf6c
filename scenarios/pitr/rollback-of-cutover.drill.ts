import { beforeAccident, commitMark, defineDrill, deleteAllRows, inOrder, interruptedPitr, thai } from 'pgdrill';

export default defineDrill({
  id: 'rollback-of-cutover',
  title:
    'fenced at the cutover: rolled back while the old leader still takes writes, rolled back once it is fenced, rolled back with a new leader; then done',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('kept'), deleteAllRows('book.tickets')),
  recovery: interruptedPitr({
    target: beforeAccident(),
    fence: 'cutover',
    cuts: [
      { at: 'check-there', then: 'rollback' },
      { at: 'clear-dcs', then: 'rollback', killRollback: true },
      { at: 'rejoin', then: 'rollback', refused: 'PGDRILL_WRITES_ACKNOWLEDGED', force: true },
    ],
  }),
});

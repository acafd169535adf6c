import { beforeAccident, commitMark, defineDrill, deleteAllRows, inOrder, interruptedPitr, thai } from 'pgdrill';

export default defineDrill({
  id: 'interrupted-anywhere',
  title:
    'a PITR whose process is killed at a moment of the seed, then resumed or rolled back as the seed says, the rollback killed, too',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('kept'), deleteAllRows('book.tickets')),
  recovery: interruptedPitr({ target: beforeAccident(), cuts: [{ at: 'anywhere' }] }),
});

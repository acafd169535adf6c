import {
  beforeAccident,
  commitMark,
  defineDrill,
  deleteAllRows,
  earlierPitr,
  inOrder,
  isolatedNodePitr,
  thai,
} from 'pgdrill';

/** The first recovery went to the latest, and replayed the accident; the second goes back to before it. */
export default defineDrill({
  id: 'second-pitr-same-backup',
  title: 'two PITRs from one backup, the earlier target second: no collision in the archive, the right branch',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(
    commitMark('kept'),
    deleteAllRows('book.tickets'),
    commitMark('left out'),
    earlierPitr({ kind: 'latest' }),
  ),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
});

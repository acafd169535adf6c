import {
  atRestorePoint,
  commitMark,
  defineDrill,
  deleteAllRows,
  inOrder,
  isolatedNodePitr,
  restorePoint,
  thai,
} from 'pgdrill';

export default defineDrill({
  id: 'target-name',
  title: 'PITR to a restore point of which there are two of one name: the first wins',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(
    commitMark('kept'),
    restorePoint('before the import'),
    commitMark('left out'),
    deleteAllRows('book.tickets'),
    restorePoint('before the import'),
  ),
  recovery: isolatedNodePitr({ target: atRestorePoint('before the import') }),
});

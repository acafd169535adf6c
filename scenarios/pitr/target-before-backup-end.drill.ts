import { atTime, defineDrill, deleteAllRows, isolatedNodePitr, refused, thai, type Recovery } from 'pgdrill';

/** While the backup was being made: there is no older one, and until its end this one is not consistent. */
const recovery: Recovery = {
  name: 'target-within-the-backup',
  title: 'PITR to the begin of the backup',
  recover: (context) => isolatedNodePitr({ target: atTime(context.backup.beginTime) }).recover(context),
};

export default defineDrill({
  id: 'target-before-backup-end',
  title: 'a target before the end of the backup: refused, with the range that can be reached',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery,
  expect: refused('PGDRILL_TARGET_BEFORE_BACKUP'),
});

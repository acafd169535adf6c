import {
  anotherBackup,
  atTime,
  backupNeededDeleted,
  commitMark,
  defineDrill,
  inOrder,
  isolatedNodePitr,
  mark,
  refused,
  thai,
} from 'pgdrill';

export default defineDrill({
  id: 'retention-deleted-needed',
  title: 'the backup that a target needs was deleted: refused, with the backups that there are',
  labels: ['archive'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('between'), anotherBackup(), backupNeededDeleted()),
  recovery: isolatedNodePitr({ target: atTime(mark('between')), backup: 'auto' }),
  expect: refused('PGDRILL_BACKUP_UNKNOWN'),
});

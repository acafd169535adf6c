import { archiveGap, commitMark, defineDrill, deleteAllRows, inOrder, isolatedNodePitr, latest, thai } from 'pgdrill';

/** Barman's catalogue still names the segment: a `barman recover` that copies WAL ends with "Failure copying WAL files". */
export default defineDrill({
  id: 'wal-gap-latest',
  title:
    'a segment is missing in the archive: PITR to the latest up to the gap, as asked; what came after it is counted',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(
    commitMark('before the gap'),
    archiveGap(),
    commitMark('after the gap'),
    deleteAllRows('book.tickets'),
  ),
  recovery: isolatedNodePitr({ target: latest(), upToGap: true }),
});

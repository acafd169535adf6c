import {
  archivedWal,
  commitMark,
  defineDrill,
  deleteAllRows,
  isolatedNodePitr,
  latest,
  refused,
  sequence,
  thai,
} from 'pgdrill';

/** A disk that was full while the segment was copied: its name is there, half of its bytes are not. */
export default defineDrill({
  id: 'truncated-archived-wal',
  title:
    'half of an archived segment is missing: PITR to the latest would lose the tail without a word, and is refused',
  labels: ['corruption'],
  dataset: thai('tiny'),
  accident: sequence(archivedWal({ how: 'truncated' }), commitMark('behind the damage'), deleteAllRows('book.tickets')),
  recovery: isolatedNodePitr({ target: latest() }),
  expect: refused('PGDRILL_WAL_DAMAGED'),
});

import { awaitSymptom, defineDrill, failoverAway, heal, heapPage, reinit, thai } from 'pgdrill';

/** pg_rewind would not do: it copies only the blocks that WAL names, and no WAL names this one. */
export default defineDrill({
  id: 'heap-page-on-leader',
  title:
    'a page of a table spoiled on the leader: a replica, which has it whole, leads, and the old leader is copied anew',
  labels: ['corruption'],
  dataset: thai('tiny'),
  accident: heapPage({ on: 'leader', relation: 'book.tickets' }),
  recovery: heal({
    title: 'away from the damaged disk, then a copy',
    cures: [
      awaitSymptom('leader', /invalid page in block \d+ of relation base\//, {
        asks: 'SELECT max(fio) FROM book.tickets',
      }),
      failoverAway(),
      reinit('struck'),
    ],
    promotions: [1, 1],
  }),
});

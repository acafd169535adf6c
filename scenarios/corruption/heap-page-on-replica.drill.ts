import { awaitSymptom, defineDrill, heal, heapPage, reinit, thai } from 'pgdrill';

export default defineDrill({
  id: 'heap-page-on-replica',
  title: 'a page of a table spoiled on a replica: it is copied anew from the leader',
  labels: ['corruption'],
  dataset: thai('tiny'),
  accident: heapPage({ on: 'replica', relation: 'book.tickets', part: 'header' }),
  recovery: heal({
    title: 'a copy of the replica',
    cures: [
      awaitSymptom('struck', /invalid page in block \d+ of relation base\//, {
        asks: 'SELECT max(fio) FROM book.tickets',
      }),
      reinit('struck'),
    ],
  }),
});

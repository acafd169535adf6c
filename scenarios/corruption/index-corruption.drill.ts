import { awaitSymptom, defineDrill, heal, indexLeaf, reindex, thai } from 'pgdrill';

/** Checksums are right: only amcheck tells, before as afterwards. */
export default defineDrill({
  id: 'index-corruption',
  title: 'two entries of an index in each other’s place on the leader: found by amcheck, cured by REINDEX',
  labels: ['corruption'],
  dataset: thai('tiny'),
  accident: indexLeaf({ on: 'leader', relation: 'book.tickets_pkey' }),
  recovery: heal({
    title: 'REINDEX',
    cures: [
      awaitSymptom('leader', /item order invariant violated for index "tickets_pkey"/, {
        asks: "SELECT bt_index_check('book.tickets_pkey', true)",
      }),
      reindex('book.tickets_pkey'),
    ],
  }),
});

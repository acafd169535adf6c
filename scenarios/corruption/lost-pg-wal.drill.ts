import { awaitPromotion, awaitSymptom, defineDrill, heal, reinit, synchronousMode, thai, walDirectory } from 'pgdrill';

/** With its pg_wal nobody can tell any more what the old leader had acknowledged alone: synchronous, it acknowledged nothing alone. */
export default defineDrill({
  id: 'lost-pg-wal',
  title: 'pg_wal of the leader emptied as it crashed: it cannot start, a replica leads, the old leader is copied anew',
  labels: ['corruption'],
  dataset: thai('tiny'),
  before: synchronousMode(),
  accident: walDirectory({ on: 'leader' }),
  recovery: heal({
    title: 'by Patroni, then a copy',
    cures: [
      awaitSymptom('old-leader', /could not locate a valid checkpoint record/),
      awaitPromotion(),
      reinit('old-leader'),
    ],
    promotions: [1, 1],
  }),
});

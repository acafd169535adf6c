import { awaitPromotion, awaitSymptom, commitLog, defineDrill, heal, reinit, thai } from 'pgdrill';

export default defineDrill({
  id: 'lost-commit-log',
  title:
    'a segment of pg_xact lost on the leader as it crashed: it cannot start, a replica leads, the old leader is copied anew',
  labels: ['corruption'],
  dataset: thai('tiny'),
  accident: commitLog({ on: 'leader' }),
  recovery: heal({
    title: 'by Patroni, then a copy',
    cures: [
      awaitSymptom('old-leader', /could not access status of transaction/),
      awaitPromotion(),
      reinit('old-leader'),
    ],
    promotions: [1, 1],
    loss: true,
  }),
});

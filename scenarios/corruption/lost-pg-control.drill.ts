import { awaitPromotion, awaitSymptom, controlFile, defineDrill, heal, reinit, thai } from 'pgdrill';

/** A checkpoint comes by itself within checkpoint_timeout, or when somebody asks for one. */
export default defineDrill({
  id: 'lost-pg-control',
  title:
    'the control file removed on the leader: the next checkpoint ends it, a replica leads, the old leader is copied anew',
  labels: ['corruption'],
  dataset: thai('tiny'),
  accident: controlFile({ on: 'leader' }),
  recovery: heal({
    title: 'by Patroni, then a copy',
    cures: [
      awaitSymptom('old-leader', /PANIC:.*could not open file ".*global\/pg_control": No such file/, {
        asks: 'CHECKPOINT',
      }),
      awaitPromotion(),
      reinit('old-leader'),
    ],
    promotions: [1, 1],
    loss: true,
  }),
});

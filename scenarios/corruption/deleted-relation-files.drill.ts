import { awaitSymptom, defineDrill, failoverAway, heal, reinit, relationFile, thai } from 'pgdrill';

export default defineDrill({
  id: 'deleted-relation-files',
  title: 'the file of a table removed on the leader: a replica, which has it, leads, and the old leader is copied anew',
  labels: ['corruption'],
  dataset: thai('tiny'),
  accident: relationFile({ on: 'leader', relation: 'book.tickets' }),
  recovery: heal({
    title: 'away from the damaged disk, then a copy',
    cures: [
      awaitSymptom('leader', /could not open file "base\/\d+\/\d+": No such file or directory/, {
        asks: 'SELECT max(fio) FROM book.tickets',
      }),
      failoverAway(),
      reinit('struck'),
    ],
    promotions: [1, 1],
  }),
});

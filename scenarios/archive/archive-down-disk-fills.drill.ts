import { archiveBacklog, archiveDown, awaitSymptom, defineDrill, heal, mend, segmentArrives, thai } from 'pgdrill';

/** Nothing that is not archived is removed: with nobody to look, pg_wal grows until its disk is full (`disk-full-pg-wal`). */
export default defineDrill({
  id: 'archive-down-disk-fills',
  title: 'Barman cannot be reached by archive_command: pg_wal grows segment by segment, and is emptied afterwards',
  labels: ['archive'],
  dataset: thai('tiny'),
  accident: archiveDown(),
  recovery: heal({
    title: 'Barman reached again',
    cures: [
      awaitSymptom('leader', /archive command failed with exit code/),
      archiveBacklog(6),
      mend(),
      segmentArrives(),
    ],
  }),
});

import { archiveBacklog, defineDrill, heal, mend, slowArchiveCommand, thai } from 'pgdrill';

export default defineDrill({
  id: 'slow-archive-command',
  title: 'archive_command takes longer than a segment takes to be written: segments wait in pg_wal, then are archived',
  labels: ['archive'],
  dataset: thai('tiny'),
  accident: slowArchiveCommand({ seconds: 5 }),
  recovery: heal({ title: 'archive_command as it was', cures: [archiveBacklog(3), mend()] }),
});

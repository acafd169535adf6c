import {
  archiveCommandLies,
  archiveCommandOnly,
  checkQuiet,
  defineDrill,
  heal,
  mend,
  rearchiveSegments,
  receiveBeside,
  segmentAwaited,
  thai,
} from 'pgdrill';

/** `barman check` has no line for it: only who asks for one segment and waits for it will see. */
export default defineDrill({
  id: 'archive-command-lies',
  title: 'archive_command ends with 0 and stores nothing: noticed by a segment that does not come, archived once more',
  labels: ['archive'],
  dataset: thai('tiny'),
  before: archiveCommandOnly(),
  accident: archiveCommandLies(),
  recovery: heal({
    title: 'archive_command as it was, and what is missing archived once more',
    cures: [checkQuiet(), segmentAwaited(), mend(), rearchiveSegments(), receiveBeside()],
  }),
});

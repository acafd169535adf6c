import {
  archiveCommandOnly,
  archiveSplit,
  beforeAccident,
  checkQuiet,
  defineDrill,
  heal,
  mend,
  planRefused,
  receiveBeside,
  segmentAwaited,
  thai,
} from 'pgdrill';

export default defineDrill({
  id: 'archive-split-after-failover',
  title: 'each member archives to a place of its own: after a change of leader neither has the whole way',
  labels: ['archive'],
  dataset: thai('tiny'),
  before: archiveCommandOnly(),
  accident: archiveSplit(),
  recovery: heal({
    title: 'one archive again, with what lay beside it',
    promotions: [1, 1],
    cures: [
      checkQuiet(),
      segmentAwaited(),
      planRefused(beforeAccident(), 'PGDRILL_TIMELINE_TAKEN', { timeline: 'before' }),
      mend(),
      receiveBeside(),
    ],
  }),
});

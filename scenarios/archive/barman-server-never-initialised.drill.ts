import {
  archiveCommandOnly,
  awaitSymptom,
  checkQuiet,
  defineDrill,
  heal,
  mend,
  receiveBeside,
  segmentArrives,
  serverNeverInitialised,
  thai,
} from 'pgdrill';

export default defineDrill({
  id: 'barman-server-never-initialised',
  title: 'the new leader archives to a folder that nobody has made: only its server log tells',
  labels: ['archive'],
  dataset: thai('tiny'),
  before: archiveCommandOnly(),
  accident: serverNeverInitialised(),
  recovery: heal({
    title: 'archived where Barman looks',
    promotions: [1, 1],
    cures: [
      awaitSymptom('leader', /archive command failed with exit code/),
      checkQuiet(),
      mend(),
      segmentArrives(),
      receiveBeside(),
    ],
  }),
});

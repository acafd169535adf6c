import { defineDrill, failsafeMode, heal, keepsLeading, mend, patroniSays, quorumLost } from 'pgdrill';

export default defineDrill({
  id: 'etcd-quorum-lost-failsafe',
  title: 'etcd without a quorum in failsafe mode: the leader goes on, nobody is promoted',
  labels: ['dcs'],
  before: failsafeMode(),
  // Writes go on: every writer has to be acknowledged before anything is cured.
  accident: { ...quorumLost(), stopsWrites: false },
  recovery: heal({
    title: 'etcd started again',
    cures: [
      patroniSays(/continue to run as a leader because failsafe mode is enabled and all members are accessible/),
      keepsLeading(),
      mend(),
    ],
  }),
});

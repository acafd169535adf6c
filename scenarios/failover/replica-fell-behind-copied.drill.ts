import { awaitSymptom, defineDrill, heal, keepNoWal, mend, reinit, stopReplica } from 'pgdrill';

export default defineDrill({
  id: 'replica-fell-behind-copied',
  title: 'a replica was away until the leader had removed the WAL that it needs: it is copied anew',
  labels: ['failover'],
  before: keepNoWal(),
  accident: stopReplica({ walGone: true }),
  recovery: heal({
    title: 'by a new copy',
    cures: [
      mend(),
      awaitSymptom('struck', /requested WAL segment [0-9A-F]{24} has already been removed/),
      reinit('struck'),
    ],
  }),
});

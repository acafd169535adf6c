import { awaitSymptom, defineDrill, fetchFromArchive, heal, keepNoWal, mend, stopReplica } from 'pgdrill';

export default defineDrill({
  id: 'replica-fell-behind',
  title: 'a replica was away until the leader had removed the WAL that it needs: it comes from the archive',
  labels: ['failover'],
  before: keepNoWal(),
  accident: stopReplica({ walGone: true }),
  recovery: heal({
    title: 'restore_command for the whole cluster',
    cures: [
      mend(),
      awaitSymptom('struck', /requested WAL segment [0-9A-F]{24} has already been removed/),
      fetchFromArchive(),
    ],
  }),
});

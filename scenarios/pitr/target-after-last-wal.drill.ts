import { atTime, defineDrill, isolatedNodePitr, loseDataDirectories, refused, thai } from 'pgdrill';

/**
 * PostgreSQL would say so after hours of replay: "recovery ended before configured recovery target was reached". With nobody
 * left to commit anything, no time after the last commit can be reached.
 */
export default defineDrill({
  id: 'target-after-last-wal',
  title: 'nobody leads, and nothing ended after the target: refused before anything is touched',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: loseDataDirectories(),
  recovery: isolatedNodePitr({ target: atTime((incident) => incident.struckAt) }),
  expect: refused('PGDRILL_TARGET_AFTER_LAST_WAL'),
});

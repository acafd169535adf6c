import { beforeAccident, defineDrill, dropDatabase, isolatedNodePitr, refused, thai } from 'pgdrill';

/** What every target that stops at a commit comes to: the drop is not committed, and done all the same. */
export default defineDrill({
  id: 'drop-database-too-late',
  title:
    'DROP DATABASE, PITR to just before its commit: "cannot connect to invalid database", seen before anything leads',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: dropDatabase(),
  recovery: isolatedNodePitr({ target: beforeAccident({ by: 'xid' }) }),
  expect: refused('PGDRILL_CHECK_THERE_FAILED'),
});

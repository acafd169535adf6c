import { commitMark, defineDrill, inOrder, isolatedNodePitr, latest, loseDataDirectories, thai } from 'pgdrill';

/**
 * Nobody leads and nobody can. What Barman has, receive-wal's `.partial` included, and the WAL that is left on the disks go
 * into one recovery: not one acknowledged write is lost.
 */
export default defineDrill({
  id: 'recover-to-latest',
  title: 'data directories of every member damaged: PITR to the latest, no acknowledged write lost',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('kept'), loseDataDirectories()),
  recovery: isolatedNodePitr({ target: latest() }),
});

import { beforeDatabaseDrop, defineDrill, dropDatabase, isolatedNodePitr, thai } from 'pgdrill';

export default defineDrill({
  id: 'drop-database',
  title: 'DROP DATABASE, undone by PITR to the LSN where it began, exclusive: no time would do',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: dropDatabase(),
  recovery: isolatedNodePitr({ target: beforeDatabaseDrop() }),
});

import { beforeAccident, defineDrill, dropSchema, isolatedNodePitr, thai } from 'pgdrill';

export default defineDrill({
  id: 'drop-schema',
  title: 'DROP SCHEMA CASCADE with every table of the dataset, undone by PITR',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: dropSchema('book'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
});

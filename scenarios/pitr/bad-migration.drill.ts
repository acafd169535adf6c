import { badMigration, beforeAccident, defineDrill, isolatedNodePitr, thai } from 'pgdrill';

export default defineDrill({
  id: 'bad-migration',
  title: 'a migration that rewrites a table and cuts its values, undone by PITR',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: badMigration('book.tickets', { column: 'fio', type: 'varchar(10)', using: 'left(fio, 10)' }),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
});

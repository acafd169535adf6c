import { beforeAccident, defineDrill, dropTable, surgicalRescue, thai } from 'pgdrill';

export default defineDrill({
  id: 'surgical-table-rescue',
  title: 'DROP TABLE, the table brought back whole from a server beside the cluster: the leader never stops',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: dropTable('book.tickets'),
  recovery: surgicalRescue({ target: beforeAccident(), table: 'book.tickets' }),
});

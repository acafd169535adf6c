import { beforeAccident, defineDrill, deleteAllRows, surgicalRescue, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'rescue-missed-a-row',
  title: 'sabotage: a rescue beside the cluster whose predicate leaves one row out',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: surgicalRescue({ target: beforeAccident(), table: 'book.tickets', where: 'id <> 1' }),
  expect: verdict('failed', { by: 'content' }),
});

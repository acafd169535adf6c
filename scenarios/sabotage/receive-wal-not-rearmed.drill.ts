import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, skipStep, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'receive-wal-not-rearmed',
  title: 'sabotage: receive-wal is not begun again, and no fresh backup is made',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident(), steps: { rearm: skipStep, 'fresh-backup': skipStep } }),
  expect: verdict('failed', { by: 'archive' }),
});

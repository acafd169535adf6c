import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, switchover, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'promotion-unexplained',
  title: 'sabotage: one promotion more than recovery, Patroni and the switchover account for',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  async recovery(context) {
    const result = await isolatedNodePitr({ target: beforeAccident() }).recover(context);
    await switchover()(context);
    return result;
  },
  expect: verdict('failed', { by: 'timeline' }),
});

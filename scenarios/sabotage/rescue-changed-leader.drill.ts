import { beforeAccident, defineDrill, deleteAllRows, surgicalRescue, switchover, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'rescue-changed-leader',
  title: 'sabotage: a rescue beside the cluster during which the leader changed, and with it the timeline',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  async recovery(context) {
    const result = await surgicalRescue({ target: beforeAccident(), table: 'book.tickets' }).recover(context);
    await switchover()(context);
    return result;
  },
  expect: verdict('failed', { by: ['timeline', 'roles'] }),
});

import { beforeAccident, defineDrill, deleteAllRows, demand, isolatedNodePitr, thai } from 'pgdrill';

const pitr = isolatedNodePitr({ target: beforeAccident(), fence: 'cutover' });

export default defineDrill({
  id: 'fence-at-cutover',
  title: 'the old leader goes on taking writes until the recovered node is ready; what it took meanwhile is counted',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  async recovery(context) {
    const result = await pitr.recover(context);
    const { during = 0 } = result.discarded ?? {};
    // Fenced first, it would be none, and this drill would show nothing.
    demand(during > 0, 'writes were taken while the recovery went on, and counted', `${during} commits`);
    return result;
  },
});

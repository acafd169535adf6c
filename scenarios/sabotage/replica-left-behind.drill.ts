import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'replica-left-behind',
  title: 'sabotage: a replica does not run',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster }) {
    const leader = await cluster.leader();
    const replica = cluster.others(leader.name).at(-1)!;
    await replica.stopPatroni();
    return `Patroni is stopped on ${replica.name}`;
  },
  expect: verdict('failed', {
    by: 'members',
    unverified: ['acknowledged-writes', 'content', 'globals', 'integrity', 'timeline', 'leader', 'switchover'],
  }),
});

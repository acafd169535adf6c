import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'second-leader-key',
  title: 'sabotage: etcd holds a second key that names a leader',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster }) {
    await cluster.etcd.put('old/leader', 'db9');
    return `${cluster.etcd.prefix}old/leader names db9`;
  },
  expect: verdict('failed', { by: 'leader' }),
});

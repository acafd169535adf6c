import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'role-dropped',
  title: 'sabotage: a role that was there before the accident is gone',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  async before({ cluster }) {
    const leader = await cluster.leader();
    await leader.query('CREATE ROLE auditor NOLOGIN');
    return 'a role auditor';
  },
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster }) {
    const leader = await cluster.leader();
    await leader.query('DROP ROLE auditor');
    return 'the role auditor is gone';
  },
  expect: verdict('failed', { by: 'globals' }),
});

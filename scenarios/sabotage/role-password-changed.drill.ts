import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'role-password-changed',
  title: 'sabotage: a role has another password than before the accident',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  async before({ run, cluster }) {
    const leader = await cluster.leader();
    await leader.query(`CREATE ROLE auditor LOGIN PASSWORD '${run.secrets.make('auditor password')}'`);
    return 'a role auditor with a password';
  },
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ run, cluster }) {
    const leader = await cluster.leader();
    await leader.query(`ALTER ROLE auditor PASSWORD '${run.secrets.make('another auditor password')}'`);
    return 'the role auditor has another password';
  },
  expect: verdict('failed', { by: 'globals' }),
});

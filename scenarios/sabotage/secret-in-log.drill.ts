import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'secret-in-log',
  title: 'sabotage: a password stands in the server’s log',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster }) {
    const leader = await cluster.leader();
    const { replicator } = cluster.description.secrets;
    await leader.query(`DO $$ BEGIN RAISE LOG 'connecting with %', '${replicator}'; END $$`);
    return `the replication password is in the log of ${leader.name}`;
  },
  expect: verdict('failed', { by: 'secrets' }),
});

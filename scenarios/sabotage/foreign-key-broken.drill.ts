import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'foreign-key-broken',
  title: 'sabotage: a row is gone that others point to',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster, database }) {
    const leader = await cluster.leader();
    return leader.use(async (client) => {
      // Triggers enforce foreign keys, and a session that replicates fires none (documentation, 20.11.1).
      await client.query("SET session_replication_role = 'replica'");
      await client.query('DELETE FROM book.bus WHERE id = 1');
      return 'bus 1 is gone, its seats and rides are not';
    }, database);
  },
  expect: verdict('failed', { by: ['content', 'integrity'] }),
});

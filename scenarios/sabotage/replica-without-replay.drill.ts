import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, until, verdict } from 'pgdrill';

/**
 * Patroni calls the replica healthy, for it streams. Not `pg_wal_replay_pause()`: Patroni resumes replay by itself (`resume_wal_replay`). Its
 * observation waits for the whole of the deadline "replay caught up".
 */
export default defineDrill({
  id: 'replica-without-replay',
  title: 'sabotage: a replica streams and does not replay',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ run, cluster }) {
    const leader = await cluster.leader();
    const replica = cluster.others(leader.name).at(-1)!;
    await replica.query("ALTER SYSTEM SET recovery_min_apply_delay = '1h'");
    await replica.query('SELECT pg_reload_conf()');
    await until('query answered', run, async () => (await replica.value('SHOW recovery_min_apply_delay')) === '1h');
    return `${replica.name} replays each commit an hour after it was made`;
  },
  expect: verdict('failed', { by: 'members', unverified: ['acknowledged-writes', 'content', 'globals', 'switchover'] }),
});

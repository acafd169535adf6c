import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

/**
 * Patroni calls the replica healthy, for it streams. The process that replays is stopped: a paused replay and a
 * `recovery_min_apply_delay` are both put right by Patroni within a second. Its observation waits for the whole of the
 * deadline "replay caught up".
 */
export default defineDrill({
  id: 'replica-without-replay',
  title: 'sabotage: a replica streams and does not replay',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster }) {
    const leader = await cluster.leader();
    const replica = cluster.others(leader.name).at(-1)!;
    const pid = await replica.value("SELECT pid FROM pg_stat_activity WHERE backend_type = 'startup'");
    await replica.exec(['kill', '-STOP', pid]);
    return `the startup process of ${replica.name} is stopped`;
  },
  expect: verdict('failed', { by: 'members', unverified: ['acknowledged-writes', 'content', 'globals', 'switchover'] }),
});

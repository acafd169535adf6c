import type { Cluster } from '../cluster/cluster';
import { compareLsn } from '../formats/lsn';
import type { Run } from '../run/run';
import { until } from '../run/until';
import { holdWriters } from './held-writers';

/**
 * The leader's container is killed, another member is elected, and the old one comes back as its replica: for a drill's
 * `before`. The writers are held until every replica has all of it, so that what asynchronous replication may lose by nature
 * is not mistaken for what a recovery lost.
 */
export function failover(): (context: { run: Run; cluster: Cluster }) => Promise<string> {
  return async ({ run, cluster }) => {
    const old = await cluster.awaitStreaming();
    await holdWriters(run, cluster);
    const lsn = await old.value('SELECT pg_current_wal_insert_lsn()');
    for (const node of cluster.others(old.name)) {
      await until(
        'replay caught up',
        run,
        async () => compareLsn(await node.value("SELECT coalesce(pg_last_wal_replay_lsn(), '0/0')"), lsn) >= 0,
      );
    }
    await old.container.kill();
    const leader = await until('leader elected', run, async () => {
      const found = await cluster.findLeader();
      return found && found.name !== old.name && (await found.inRecovery()) === false ? found : undefined;
    });
    await old.container.start();
    await cluster.awaitStreaming('members rejoined');
    return `${old.name} was killed, ${leader.name} leads timeline ${await leader.writtenTimeline()}`;
  };
}

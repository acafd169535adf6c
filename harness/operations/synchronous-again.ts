import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import type { Run } from '../run/run';
import { until } from '../run/until';
import { isSynchronous, synchronousStandby } from './synchronous-mode';

/** Patroni's words where a write of `/sync` is refused, for the key has changed since it last saw it (patroni/ha.py). */
const refused = 'Synchronous replication key updated by someone else';

/** So many in a row, one a loop, and it does not come right by itself. */
const LASTING = 5;

/**
 * Waits until `/sync` names the leader, and a standby of it: at once without synchronous mode. A leader that was frozen until
 * another had taken over may never come to that: its view of `/sync` stays the old one, and etcd refuses each of its writes
 * (Patroni 3.0, its issue 2779; mended in 3.1). Patroni killed and started again has a new one, and PostgreSQL goes on.
 * @returns what was done, in words; undefined where it came right by itself
 * @throws PGDRILL_DEADLINE
 */
export async function awaitSynchronous(run: Run, cluster: Cluster): Promise<string | undefined> {
  const { etcd } = cluster;
  if (!isSynchronous((await etcd.keys()).config)) return undefined;
  let since = new Date();
  let seen = 'nobody leads';
  const said: string[] = [];
  await until(
    'members streaming',
    run,
    async () => {
      const [leader, keys] = await Promise.all([cluster.findLeader(), etcd.keys()]);
      if (!leader) return false;
      seen = `${leader.name} leads, /sync: ${keys.sync ?? 'none'}`;
      const standby = synchronousStandby(keys, leader.name);
      if (cluster.others(leader.name).some(({ name }) => name === standby)) return true;
      if ((await refusals(leader, since)) < LASTING) return false;
      await leader.killPatroni();
      since = new Date();
      said.push(`Patroni of ${leader.name}, whose view of /sync had stayed an old one, was started again`);
      return false;
    },
    { everyMs: 500, seen: () => seen },
  );
  return said.length === 0 ? undefined : said.join('; ');
}

async function refusals({ container }: PatroniNode, since: Date): Promise<number> {
  return (await container.logs({ since })).split(refused).length - 1;
}

import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import { parseDynamicConfig } from '../formats/dynamic-config';
import type { Run } from '../run/run';
import { until } from '../run/until';
import { patchStoredConfig } from './stored-config';
import { isSynchronous, synchronousStandby } from './synchronous-mode';

/** Patroni's words where it leaves `/sync` alone, for that names another leader (patroni/ha.py, process_sync_replication). */
const refused = 'Synchronous replication key updated by someone else';

/** So many in a row, one a loop, and it does not come right by itself. */
const LASTING = 5;

/**
 * Waits until `/sync` names the leader, and a standby of it: at once without synchronous mode. A leader that was frozen and has
 * taken its key back from its successor never comes to that: a Patroni writes its name into `/sync` when it is promoted, and
 * leaves alone what another one has written (Patroni 3.0, its issue 2779). Then synchronous mode is turned off, by which Patroni
 * removes the key, and on again.
 * @returns what was done, in words; undefined where it came right by itself
 * @throws PGDRILL_DEADLINE
 */
export async function awaitSynchronous(run: Run, cluster: Cluster): Promise<string | undefined> {
  const { etcd } = cluster;
  if (!isSynchronous((await etcd.keys()).config)) return undefined;
  const since = new Date();
  let seen = 'nobody leads';
  let said: string | undefined;
  await until(
    'members streaming',
    run,
    async () => {
      const [leader, keys] = await Promise.all([cluster.findLeader(), etcd.keys()]);
      if (!leader) return false;
      const { sync = 'none' } = keys;
      seen = `${leader.name} leads, /sync: ${sync}`;
      const standby = synchronousStandby(keys, leader.name);
      if (cluster.others(leader.name).some(({ name }) => name === standby)) return true;
      if (said !== undefined || (await refusals(leader, since)) < LASTING) return false;
      await offAndOn(run, cluster);
      said = `synchronous mode turned off and on: ${leader.name} led, and left /sync as it was (${sync})`;
      return false;
    },
    { everyMs: 500, seen: () => seen },
  );
  return said;
}

async function refusals({ container }: PatroniNode, since: Date): Promise<number> {
  return (await container.logs({ since })).split(refused).length - 1;
}

async function offAndOn(run: Run, cluster: Cluster): Promise<void> {
  const { etcd } = cluster;
  const mode = parseDynamicConfig((await etcd.keys()).config).synchronous_mode ?? true;
  await patchStoredConfig(cluster, { synchronous_mode: false });
  let seen: string | undefined;
  await until(
    'configuration taken up',
    run,
    async () => {
      seen = (await etcd.keys()).sync;
      return (JSON.parse(seen ?? '{}') as { leader?: string | null }).leader == null;
    },
    { seen: () => `/sync: ${seen}` },
  );
  await patchStoredConfig(cluster, { synchronous_mode: mode });
}

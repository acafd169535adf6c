import type { Cluster } from '../cluster/cluster';
import { parseDynamicConfig } from '../formats/dynamic-config';
import type { Run } from '../run/run';
import { until } from '../run/until';
import { patchStoredConfig } from './stored-config';

/**
 * Turns Patroni's synchronous mode on, and waits until the member that `/sync` names confirms each commit: for a drill's
 * `before`.
 * @param options.strict without a synchronous standby, the leader takes no write
 */
export function synchronousMode(
  options: { strict?: boolean } = {},
): (context: { run: Run; cluster: Cluster }) => Promise<string> {
  const { strict = false } = options;
  return async ({ run, cluster }) => {
    await patchStoredConfig(cluster, { synchronous_mode: true, synchronous_mode_strict: strict });
    const leader = await cluster.leader();
    const standby = await until('members streaming', run, async () => {
      const named = synchronousStandby(await cluster.etcd.keys(), leader.name);
      const streams = await leader.query<{ name: string }>(
        "SELECT application_name AS name FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')",
      );
      return streams.some((row) => row.name === named) ? named : undefined;
    });
    return `synchronous${strict ? ', strict' : ''}: ${standby} confirms each commit`;
  };
}

/**
 * The member that Patroni names in `/sync`: only it, and the leader, may be promoted.
 * @param keys of the cluster in etcd
 * @param leader whose standby it is; what is left there of another one's does not count
 */
export function synchronousStandby(keys: Record<string, string>, leader: string): string | undefined {
  const sync = JSON.parse(keys.sync ?? '{}') as { leader?: string; sync_standby?: string };
  return sync.leader === leader ? sync.sync_standby : undefined;
}

/**
 * Waits until `/sync` names the leader, and a standby of it: after a promotion that takes a loop or two.
 * @returns the standby's name; undefined without synchronous mode, or with one member
 * @throws PGDRILL_DEADLINE with what `/sync` holds
 */
export async function awaitSynchronousStandby(run: Run, cluster: Cluster): Promise<string | undefined> {
  const { etcd } = cluster;
  if (cluster.nodes.length < 2 || !isSynchronous((await etcd.keys()).config)) return undefined;
  let seen = 'nobody leads';
  return until(
    'members streaming',
    run,
    async () => {
      const [leader, keys] = await Promise.all([cluster.findLeader(), etcd.keys()]);
      if (!leader) return undefined;
      seen = `${leader.name} leads, /sync: ${keys.sync ?? 'no such key'}`;
      const standby = synchronousStandby(keys, leader.name);
      return cluster.others(leader.name).find(({ name }) => name === standby)?.name;
    },
    { seen: () => seen },
  );
}

/** Whether Patroni's dynamic configuration asks for synchronous replication. @param config text of the key `/config` */
export function isSynchronous(config: string | undefined): boolean {
  const { synchronous_mode: mode } = parseDynamicConfig(config);
  return mode === true || mode === 'on' || mode === 'quorum';
}

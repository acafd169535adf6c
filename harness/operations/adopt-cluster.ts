import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import { parseControlData } from '../formats/controldata';
import { PgdrillError } from '../record/errors';
import type { Run } from '../run/run';
import { until } from '../run/until';
import { startEtcdMembers } from './etcd-members';
import { mostWal, walEnd, type Stopped } from './most-wal';

/**
 * Lets a cluster come back with its data after everything that Patroni kept in etcd was lost. Without /initialize and members'
 * keys Patroni cannot compare the members: whoever comes first leads, with whatever it has. So every Patroni is stopped, the
 * member with the most WAL is started alone until it leads, then the others.
 * @returns words
 * @throws PGDRILL_SYSTEM_MISMATCH where the members are not of one system
 */
export async function adoptCluster(run: Run, cluster: Cluster): Promise<string> {
  await startEtcdMembers(run, cluster);
  const leading = await cluster.findLeader();
  // The leader last: what it shuts down with is no reason for others to wait.
  await Promise.all(cluster.nodes.filter((node) => node !== leading).map((node) => node.stopPatroni()));
  await leading?.stopPatroni();
  const held = Object.fromEntries(
    await Promise.all(cluster.nodes.map(async (node) => [node.name, await controlData(node)] as const)),
  );
  const systems = [...new Set(Object.values(held).map(({ systemIdentifier }) => systemIdentifier))];
  const [system] = systems;
  if (system === undefined || systems.length > 1) {
    throw new PgdrillError(
      'PGDRILL_SYSTEM_MISMATCH',
      `the members hold data of ${systems.length} systems: ${systems.join(', ')}`,
      'empty the members that are of another system first',
    );
  }
  const first = cluster.member(mostWal(held)!);
  await first.startPatroni();
  let seen = 'no key';
  await until(
    'recovered node leads',
    run,
    async () => {
      const { leader, initialize } = await cluster.etcd.keys();
      seen = `/leader ${leader ?? 'is not there'}, /initialize ${initialize ?? 'is not there'}`;
      return leader === first.name && initialize === system && (await first.inRecovery()) === false;
    },
    { seen: () => seen },
  );
  await Promise.all(cluster.others(first.name).map((node) => node.startPatroni()));
  await cluster.awaitStreaming('members rejoined');
  const { timeline, lsn } = walEnd(held[first.name]!);
  return `${first.name} first, which had WAL up to ${lsn} on timeline ${timeline}; /initialize is ${system} again, then ${cluster
    .others(first.name)
    .map(({ name }) => name)
    .join(', ')}`;
}

async function controlData(node: PatroniNode): Promise<Stopped> {
  const { stdout } = await node.exec(['env', 'LC_ALL=C', `${node.binDir}/pg_controldata`, '-D', node.dataDir]);
  return parseControlData(stdout);
}

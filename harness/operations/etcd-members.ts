import type { Cluster } from '../cluster/cluster';
import { runCommand } from '../cluster/command';
import type { Container } from '../engine/container';
import type { Run } from '../run/run';
import { limited, until } from '../run/until';

const home = '/var/lib/etcd';
const snapshotFile = `${home}/pgdrill-snapshot.db`;

/**
 * Starts etcd members as containers, and waits until they are of use to Patroni. Healthy is not enough: an etcd that has not
 * settled its cluster version yet makes Patroni refuse it ("Detected Etcd version 3.0.0 is lower than 3.1.0").
 * @param names default all; so many that there is a quorum with those that run
 */
export async function startEtcdMembers(run: Run, cluster: Cluster, names?: readonly string[]): Promise<void> {
  const { etcd } = cluster;
  const chosen = [...etcd.members].filter(([name]) => names?.includes(name) ?? true);
  await limited('containers started', run, () => Promise.all(chosen.map(([, container]) => container.start())));
  await etcd.awaitHealthy(names);
  // Another one's is reached in ways of its own; its data are of before.
  for (const [name, container] of cluster.description.origin === 'foreign' ? [] : chosen) {
    let seen = 'no answer';
    await until(
      'etcd healthy',
      run,
      async (signal) => {
        const answer = await fetch(`http://127.0.0.1:${await container.hostPort(2379)}/version`, { signal });
        seen = await answer.text();
        const { etcdcluster } = JSON.parse(seen) as { etcdcluster?: string };
        const [major = 0, minor = 0] = (etcdcluster ?? '').split('.').map(Number);
        return major > 3 || (major === 3 && minor >= 1);
      },
      { seen: () => `${name}: ${seen}` },
    );
  }
}

/**
 * Puts other data in place of those of every etcd member, and starts them with it: nothing at all, or what `laySnapshot` has
 * laid beside. The old ones go aside first, for a server that still runs keeps writing where it has them open.
 */
export async function replaceEtcdData(run: Run, cluster: Cluster): Promise<void> {
  const containers = [...cluster.etcd.members.values()];
  await onEach(run, containers, 'rm -rf data.lost; mv data data.lost; [ ! -e data.new ] || mv data.new data');
  await limited('container gone', run, () => Promise.all(containers.map((container) => container.kill())));
  await startEtcdMembers(run, cluster);
  await onEach(run, containers, 'rm -rf data.lost');
}

/** Takes a snapshot of etcd, which `etcdOldSnapshot({ taken: 'earlier' })` restores: for a drill's `before`. */
export function etcdSnapshot(): (context: { run: Run; cluster: Cluster }) => Promise<string> {
  return async ({ run, cluster }) => {
    const { leader } = await cluster.etcd.keys();
    const revision = await cluster.etcd.revision();
    await saveEtcdSnapshot(run, cluster);
    return `snapshot of etcd at revision ${revision}, ${leader ?? 'nobody'} led`;
  };
}

/** Takes a snapshot of etcd (`etcdctl snapshot save`), which stays with the first member. */
export async function saveEtcdSnapshot(run: Run, { etcd }: Cluster): Promise<void> {
  const [first] = etcd.members.values();
  await onEach(run, [first!], `rm -f ${snapshotFile}; etcdctl snapshot save ${snapshotFile}`);
}

/**
 * Restores the snapshot on every member, beside its data (etcd's documentation, "Disaster recovery").
 * @throws PGDRILL_FILE_MISSING where none was taken
 */
export async function laySnapshot(run: Run, { etcd }: Cluster): Promise<void> {
  const containers = [...etcd.members.values()];
  const [first] = containers;
  const content = await first!.readBytes(snapshotFile);
  for (const other of containers.slice(1)) await other.putFiles([{ target: snapshotFile, content, mode: 0o600 }]);
  const restore = `$(command -v etcdutl || command -v etcdctl) snapshot restore ${snapshotFile} --name "$ETCD_NAME" \\
    --initial-cluster "$ETCD_INITIAL_CLUSTER" --initial-cluster-token "$ETCD_INITIAL_CLUSTER_TOKEN" \\
    --initial-advertise-peer-urls "http://$ETCD_NAME:2380" --data-dir ${home}/data.new`;
  await onEach(run, containers, `rm -rf data.new; ${restore}`);
}

async function onEach(run: Run, containers: readonly Container[], script: string): Promise<void> {
  await Promise.all(
    containers.map((container) => runCommand(run, container, ['bash', '-ec', `cd ${home}\n${script}`])),
  );
}

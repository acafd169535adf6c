import type { Container } from '../engine/container';
import { startContainer } from '../engine/start';
import type { Engine } from '../engine/connect';
import { createNetwork } from '../engine/network';
import { createVolume } from '../engine/volume';
import { removeRun } from '../engine/cleanup';
import { labels } from '../run/ids';
import type { Run } from '../run/run';
import { limited } from '../run/until';
import { BarmanServer } from './barman-server';
import { Cluster } from './cluster';
import { containerSpecs, volumesOf } from './container-specs';
import { descriptionPath, resourceName, type ClusterDescription, type MemberDisks } from './description';
import { EtcdQuorum } from './etcd-quorum';
import { disksName, makeLoopDisks } from './loop-disks';
import { requireFreeNames } from './names-taken';
import { PatroniNode } from './patroni-node';
import { newSshKey } from './ssh-key';

export interface BootOptions {
  /** The cluster's name inside its drill. Default `main`. */
  name?: string;
  stack: { name: string; postgresMajor: number };
  /** Image tags by kind. */
  images: Record<'node' | 'etcd' | 'barman', string>;
  /** Patroni members. */
  nodes: number;
  /** What the names of its containers begin with; empty for `db1`, `etcd1`, `barman`. Default: `pgdrill-<run>-`. */
  namePrefix?: string;
  /** File systems of members that are not the engine's own. */
  disks?: MemberDisks;
  /** Marks the cluster as one to leave up: the sweep of stale runs leaves it alone. It is removed all the same unless released. */
  keep?: boolean;
}

export interface Booted {
  cluster: Cluster;
  /** Takes the cluster out of what is undone at the end of the run: it stays up. */
  release: () => void;
}

/**
 * Boots a cluster: 3 etcd, the members, Barman, all at once, and waits until every member streams. Its removal is
 * registered before anything is made.
 * @throws PGDRILL_DEADLINE naming the stage that did not come about; what the engine throws
 */
export async function bootCluster(engine: Engine, run: Run, options: BootOptions): Promise<Booted> {
  const description = describe(run, options);
  if (options.namePrefix !== undefined) await requireFreeNames(engine, description);
  const release = run.teardown.add(`cluster ${description.name}`, 'undo', () =>
    removeRun(engine, run.id).then(() => undefined),
  );
  const marks = { [labels.cluster]: description.name, ...(options.keep ? { [labels.kept]: 'kept' } : {}) };
  const name = (thing: string) => resourceName(run.id, description.name, thing);
  const network = createNetwork(engine, run.id, description.network, marks);
  const disks = description.disks?.ownFileSystem
    ? await network.then(() => makeLoopDisks(engine, run, { description, images: options.images, marks }))
    : undefined;
  await Promise.all([
    network,
    ...volumesOf(description).map((thing) =>
      createVolume(engine, run.id, name(thing), marks, disks?.volumes.get(thing)),
    ),
  ]);
  const keys = { node: newSshKey(), host: newSshKey() };
  run.secrets.remember('ssh key of the nodes', keys.node.private);
  run.secrets.remember('ssh key of barman', keys.host.private);
  const specs = containerSpecs({ description, images: options.images, marks, keys });
  const containers = await limited('containers started', run, (signal) =>
    Promise.all(specs.map(async (item) => [item.hostname, await startContainer(engine, item, signal)] as const)),
  );
  const made = disks ? [...containers, [disksName, disks.container] as const] : containers;
  const cluster = assemble(run, description, new Map(made));
  await cluster.barman.container.putFiles([
    { target: descriptionPath, content: JSON.stringify(description), mode: 0o600 },
  ]);
  await cluster.etcd.awaitHealthy();
  const leader = await cluster.leader();
  run.note(`leader ${leader.name}`);
  await cluster.awaitStreaming();
  return { cluster, release };
}

/** Typed handles over running containers. */
export function assemble(
  context: Run,
  description: ClusterDescription,
  containers: ReadonlyMap<string, Container>,
): Cluster {
  const the = (thing: string): Container => {
    const found = containers.get(thing);
    if (!found) throw new Error(`no container "${thing}" among ${[...containers.keys()].join(', ')}`);
    return found;
  };
  return new Cluster(
    context,
    description,
    new Map(description.members.map((name) => [name, new PatroniNode(context, description, name, the(name))])),
    new EtcdQuorum(context, description, new Map(description.etcd.map((name) => [name, the(name)]))),
    new BarmanServer(context, description, the('barman')),
    containers.get(disksName),
  );
}

function describe(run: Run, options: BootOptions): ClusterDescription {
  const name = options.name ?? 'main';
  return {
    format: 1,
    run: run.id,
    name,
    ...(options.namePrefix === undefined ? {} : { namePrefix: options.namePrefix }),
    ...(options.disks === undefined ? {} : { disks: options.disks }),
    stack: options.stack.name,
    postgresMajor: options.stack.postgresMajor,
    scope: 'patroni1',
    namespace: '/service/',
    barmanServer: 'patroni1',
    network: resourceName(run.id, name, 'net'),
    members: Array.from({ length: options.nodes }, (_, index) => `db${index + 1}`),
    etcd: ['etcd1', 'etcd2', 'etcd3'],
    secrets: {
      superuser: run.secrets.make('superuser password'),
      replicator: run.secrets.make('replicator password'),
      rewind: run.secrets.make('rewind password'),
      barman: run.secrets.make('barman password'),
    },
  };
}

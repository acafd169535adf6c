import type { Engine } from '../../engine/connect';
import { findContainer } from '../../engine/container';
import { ownerIsGone, ownerLabel } from '../../engine/ownership';
import { newId } from '../../run/ids';
import { renderBarmanConfig } from '../barman-config';
import { sampleDescription } from '../sample-description';
import { newSshKey } from '../ssh-key';
import { renderBootstrapSql, renderPatroniConfig } from '../patroni-config';

/** By which a test's own things are found again; none of pgdrill's labels. */
const LABEL = 'somebodys.cluster';

/** A cluster as somebody else may have made one: none of pgdrill's names, labels, published ports or shared mounts. */
export interface SomebodysCluster {
  /** Engine's names of the members' containers, by Patroni's name. */
  members: Record<string, string>;
  barman: string;
  dataDir(member: string): string;
  end(): Promise<void>;
}

interface Spec {
  thing: string;
  image: string;
  mount: string;
  environment?: string[];
  aliases?: string[];
  files: { target: string; content: string; mode: number }[];
}

/** Starts one, and does not wait for anything. What an earlier process that was killed has left is removed first. */
export async function startSomebodysCluster(
  engine: Engine,
  images: Record<'node' | 'etcd' | 'barman', string>,
): Promise<SomebodysCluster> {
  await sweep(engine);
  const id = `somebodys-${newId().slice(-6)}`;
  const description = sampleDescription({
    scope: 'orders',
    namespace: '/databases/',
    barmanServer: 'orders-main',
    members: ['pg-a', 'pg-b'],
    etcd: ['kv'],
    network: id,
  });
  const dataDir = (member: string) => `/var/lib/postgresql/orders/${member}/data`;
  const keys = { node: newSshKey(), host: newSshKey() };
  const specs: Spec[] = [
    {
      thing: 'kv',
      image: images.etcd,
      mount: '/var/lib/etcd',
      environment: ['ETCD_NAME=kv', 'ETCD_INITIAL_CLUSTER=kv=http://kv:2380', `ETCD_INITIAL_CLUSTER_TOKEN=${id}`],
      files: [],
    },
    ...description.members.map((member) => ({
      thing: member,
      image: images.node,
      mount: '/var/lib/postgresql',
      files: [
        {
          target: '/etc/patroni/patroni.yml',
          content: renderPatroniConfig(description, member)
            .replace(/data_dir: .*/, `data_dir: ${dataDir(member)}`)
            .replaceAll(/5432/g, '6432')
            .replaceAll(/8008/g, '9008'),
          mode: 0o600,
        },
        { target: '/etc/pgdrill/bootstrap.sql', content: renderBootstrapSql(description), mode: 0o600 },
        { target: '/etc/pgdrill/ssh/id', content: keys.node.private, mode: 0o600 },
        { target: '/etc/pgdrill/ssh/known_hosts', content: `barman ${keys.host.public}\n`, mode: 0o644 },
      ],
    })),
    {
      thing: 'backup',
      image: images.barman,
      mount: '/var/lib/barman',
      // The name that the node image's ssh knows.
      aliases: ['barman'],
      files: [
        {
          target: `/etc/barman.d/orders.conf`,
          content: renderBarmanConfig(description).replaceAll('port=5432', 'port=6432'),
          mode: 0o640,
        },
        { target: '/etc/pgdrill/pgpass', content: `*:*:*:barman:${description.secrets.barman}\n`, mode: 0o600 },
        { target: '/etc/pgdrill/ssh/host_key', content: keys.host.private, mode: 0o600 },
        { target: '/etc/pgdrill/ssh/authorized_keys', content: `${keys.node.public} somebody\n`, mode: 0o644 },
      ],
    },
  ];
  const labels = { [LABEL]: ownerLabel() };
  await engine.docker.createNetwork({ Name: id, Labels: labels });
  for (const { thing, image, mount, environment = [], aliases = [], files } of specs) {
    await engine.docker.createVolume({ Name: `${id}-${thing}`, Labels: labels });
    const made = await engine.docker.createContainer({
      name: `${id}-${thing}`,
      Image: image,
      Hostname: thing,
      Env: environment,
      Labels: labels,
      HostConfig: { NetworkMode: id, Binds: [`${id}-${thing}:${mount}`], ShmSize: 256 * 1024 * 1024 },
      NetworkingConfig: { EndpointsConfig: { [id]: { Aliases: [thing, ...aliases] } } },
    });
    await (await findContainer(engine, made.id))?.putFiles(files);
  }
  for (const { thing } of specs) await engine.docker.getContainer(`${id}-${thing}`).start();
  return {
    members: Object.fromEntries(description.members.map((member) => [member, `${id}-${member}`])),
    barman: `${id}-backup`,
    dataDir,
    end: () => sweep(engine, ownerLabel()),
  };
}

/** Removes what processes that are gone have left; with an owner, what that one has made. */
async function sweep(engine: Engine, owner?: string): Promise<void> {
  const filters = { label: [LABEL] };
  const due = (labels: Record<string, string> | undefined) => {
    const of = labels?.[LABEL] ?? '';
    return owner === undefined ? ownerIsGone(of) : of === owner;
  };
  const containers = await engine.docker.listContainers({ all: true, filters });
  const gone = containers.filter(({ Labels }) => due(Labels));
  await Promise.all(gone.map(({ Id }) => engine.docker.getContainer(Id).remove({ force: true, v: true })));
  const networks = await engine.docker.listNetworks({ filters });
  for (const one of networks) if (due(one.Labels)) await engine.docker.getNetwork(one.Id).remove();
  const { Volumes } = await engine.docker.listVolumes({ filters });
  for (const one of Volumes) if (due(one.Labels)) await engine.docker.getVolume(one.Name).remove();
}

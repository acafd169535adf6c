import type { ContainerSpec } from '../engine/start';
import { labels } from '../run/ids';
import { renderBarmanConfig } from './barman-config';
import { containerName, resourceName, walMount, type ClusterDescription } from './description';
import { renderBootstrapSql, renderPatroniConfig } from './patroni-config';
import type { SshKey } from './ssh-key';

export interface Parts {
  description: ClusterDescription;
  /** Image tags by kind. */
  images: Record<'node' | 'etcd' | 'barman', string>;
  /** Labels of everything of the cluster. */
  marks: Record<string, string>;
  /** The nodes' key for Barman, and the key by which they know Barman. */
  keys: { node: SshKey; host: SshKey };
}

/** Names of the volumes of a cluster: one a member, one an etcd, Barman's, and one for the description. */
export function volumesOf(description: ClusterDescription): string[] {
  return [...description.members, ...description.etcd, 'barman', 'state'];
}

/** What each container of a cluster is made of. docker/README.md is the contract with the images. */
export function containerSpecs(parts: Parts): ContainerSpec[] {
  const { description } = parts;
  return [
    ...description.etcd.map((member) => etcdSpec(parts, member)),
    ...description.members.map((member) => nodeSpec(parts, member)),
    barmanSpec(parts),
  ];
}

function etcdSpec(parts: Parts, member: string): ContainerSpec {
  const { description } = parts;
  return {
    ...base(parts, member, 'etcd'),
    ports: [2379],
    volumes: [{ volume: volume(parts, member), target: '/var/lib/etcd' }],
    environment: {
      ETCD_NAME: member,
      ETCD_INITIAL_CLUSTER: description.etcd.map((peer) => `${peer}=http://${peer}:2380`).join(','),
      ETCD_INITIAL_CLUSTER_TOKEN: description.network,
    },
  };
}

function nodeSpec(parts: Parts, member: string): ContainerSpec {
  const { description, keys } = parts;
  const walBytes = description.disks?.walBytes;
  return {
    ...base(parts, member, 'node'),
    ports: [5432, 8008],
    capAdd: ['NET_ADMIN'],
    shmBytes: 256 * 1024 * 1024,
    volumes: [{ volume: volume(parts, member), target: '/var/lib/postgresql' }],
    ...(walBytes === undefined ? {} : { tmpfs: { [walMount]: `size=${walBytes},uid=500,gid=500,mode=0700` } }),
    files: [
      { target: '/etc/patroni/patroni.yml', content: renderPatroniConfig(description, member), mode: 0o600 },
      { target: '/etc/pgdrill/bootstrap.sql', content: renderBootstrapSql(description), mode: 0o600 },
      { target: '/etc/pgdrill/ssh/id', content: keys.node.private, mode: 0o600 },
      { target: '/etc/pgdrill/ssh/known_hosts', content: `barman ${keys.host.public}\n`, mode: 0o644 },
    ],
  };
}

function barmanSpec(parts: Parts): ContainerSpec {
  const { description, keys } = parts;
  return {
    ...base(parts, 'barman', 'barman'),
    volumes: [
      { volume: volume(parts, 'barman'), target: '/var/lib/barman' },
      { volume: volume(parts, 'state'), target: '/var/lib/pgdrill' },
      ...description.members.map((member) => ({ volume: volume(parts, member), target: `/nodes/${member}` })),
    ],
    files: [
      {
        target: `/etc/barman.d/${description.barmanServer}.conf`,
        content: renderBarmanConfig(description),
        mode: 0o640,
      },
      { target: '/etc/pgdrill/pgpass', content: `*:*:*:barman:${description.secrets.barman}\n`, mode: 0o600 },
      { target: '/etc/pgdrill/ssh/host_key', content: keys.host.private, mode: 0o600 },
      { target: '/etc/pgdrill/ssh/authorized_keys', content: `${keys.node.public} pgdrill\n`, mode: 0o644 },
    ],
  };
}

/** What every container of a cluster has in common. */
export function base(
  { description, images, marks }: Omit<Parts, 'keys'>,
  thing: string,
  image: keyof Parts['images'],
): ContainerSpec {
  return {
    run: description.run,
    name: containerName(description, thing),
    hostname: thing,
    image: images[image],
    network: description.network,
    aliases: [thing],
    labels: { ...marks, [labels.role]: image === 'node' ? 'db' : image, [labels.member]: thing },
    ports: [],
    volumes: [],
    files: [],
  };
}

function volume({ description }: Parts, thing: string): string {
  return resourceName(description.run, description.name, thing);
}

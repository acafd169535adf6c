import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import type { Container } from '../engine/container';
import { PgdrillError } from '../record/errors';
import type { Random } from '../run/random';

/** Whom an accident may strike, by role. */
export const whomOf = {
  leader: 'the member that leads now',
  replica: 'one of the others, chosen by the seed',
  'every-member': 'every Patroni member',
  etcd: 'one etcd member, chosen by the seed',
  'etcd-majority': 'so many etcd members that the rest has no quorum',
  'every-etcd': 'every etcd member',
  barman: "Barman's server",
  'every-container': 'every container of the cluster: members, etcd, Barman',
} as const;
export type Whom = keyof typeof whomOf;

/** Who is struck, resolved when it is. */
export interface Victims {
  role: Whom;
  /** `db2`, `etcd1`, `barman`. */
  names: string[];
  /** The Patroni members among them, the leader first. */
  nodes: PatroniNode[];
  containers: Container[];
}

/**
 * Resolves a role, or a name, from the facts of now.
 * @param allowed the roles that the accident may strike; the first is the default
 * @param on a role, or the name of a member, of an etcd member, or `barman`
 * @throws PGDRILL_ACCIDENT_TARGET where nobody has the role, or the accident may not strike whom was named
 */
export async function findVictims(
  cluster: Cluster,
  random: Random,
  allowed: readonly [Whom, ...Whom[]],
  on: string = allowed[0],
): Promise<Victims> {
  const leader = await cluster.findLeader();
  const role = roleOf(cluster, leader, allowed, on);
  if (!role || !allowed.includes(role)) {
    const is = role && role !== on ? `${on} is ${role} now, and it` : 'it';
    throw new PgdrillError(
      'PGDRILL_ACCIDENT_TARGET',
      `--on ${on}: ${is} strikes ${allowed.join(', ')}`,
      `name a role of these, or one of ${namesOf(cluster).join(', ')} that has it`,
    );
  }
  const names = on === role ? byRole(cluster, leader, random, role) : [on];
  if (names.length === 0) {
    throw new PgdrillError(
      'PGDRILL_ACCIDENT_TARGET',
      `nobody is ${role} now`,
      `look at the cluster first; its members: ${namesOf(cluster).join(', ')}`,
    );
  }
  return victimsNamed(cluster, role, names);
}

/** The same ones again, by their names, from a later process. */
export function victimsNamed(cluster: Cluster, role: Whom, names: readonly string[]): Victims {
  const nodes = names.flatMap((name) => cluster.members.get(name) ?? []);
  return { role, names: [...names], nodes, containers: names.map((name) => containerNamed(cluster, name)) };
}

function roleOf(
  cluster: Cluster,
  leader: PatroniNode | undefined,
  allowed: readonly Whom[],
  on: string,
): Whom | undefined {
  if (on in whomOf) return on as Whom;
  if (cluster.members.has(on)) {
    // Without a leader nobody can be told apart.
    if (!leader) return allowed.find((role) => role === 'leader' || role === 'replica');
    return on === leader.name ? 'leader' : 'replica';
  }
  if (cluster.etcd.members.has(on)) return 'etcd';
  return undefined;
}

function byRole(cluster: Cluster, leader: PatroniNode | undefined, random: Random, role: Whom): string[] {
  const members = cluster.nodes.map(({ name }) => name);
  const followers = members.filter((name) => name !== leader?.name);
  const etcd = [...cluster.etcd.members.keys()];
  switch (role) {
    case 'leader':
      return leader ? [leader.name] : [];
    case 'replica':
      return leader ? pick(random, followers, 1) : [];
    case 'every-member':
      return leader ? [leader.name, ...followers] : members;
    case 'etcd':
      return pick(random, etcd, 1);
    case 'etcd-majority':
      return pick(random, etcd, Math.floor(etcd.length / 2) + 1);
    case 'every-etcd':
      return etcd;
    case 'barman':
      return ['barman'];
    case 'every-container':
      return [...(leader ? [leader.name, ...followers] : members), ...etcd, 'barman'];
  }
}

function pick(random: Random, from: readonly string[], count: number): string[] {
  const left = [...from];
  const chosen: string[] = [];
  while (chosen.length < count && left.length > 0) {
    chosen.push(...left.splice(random.integer(0, left.length - 1), 1));
  }
  return chosen.sort();
}

function containerNamed(cluster: Cluster, name: string): Container {
  const container =
    cluster.members.get(name)?.container ??
    cluster.etcd.members.get(name) ??
    (name === 'barman' ? cluster.barman.container : undefined);
  if (container) return container;
  throw new PgdrillError(
    'PGDRILL_ACCIDENT_TARGET',
    `the cluster has no "${name}"`,
    `choose one of ${namesOf(cluster).join(', ')}`,
  );
}

function namesOf(cluster: Cluster): string[] {
  return [...cluster.members.keys(), ...cluster.etcd.members.keys(), 'barman'];
}

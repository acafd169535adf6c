import { readFileSync } from 'node:fs';
import { containersByAddress, findContainer, type Container } from '../../engine/container';
import type { Engine } from '../../engine/connect';
import { messageOf, PgdrillError } from '../../record/errors';
import type { Run } from '../../run/run';
import { BarmanServer } from '../barman-server';
import { Cluster } from '../cluster';
import { runCommand } from '../command';
import type { ClusterDescription } from '../description';
import type { EtcdAccess, EtcdEndpoint } from '../etcd-endpoint';
import { EtcdQuorum } from '../etcd-quorum';
import { PatroniNode } from '../patroni-node';
import { forwardingReach, type Reach } from '../reach';
import { parseForeignFile, type ForeignFile } from './description-file';
import { discoverBarman } from './discover-barman';
import { completeMember, seeMember, type DiscoveredMember } from './discover-member';
import { discoveryFailed } from './discovery-failed';
import { readRemembered, writeRemembered } from './remembered-file';

/**
 * Handles for a cluster that pgdrill has not booted, from a file that names its containers. Everything else is discovered:
 * from Patroni's processes and configuration, from Barman, from the engine. Nothing is changed.
 * @param run that waits, redaction and forwards hang on
 * @param file path of the description (docs/clusters.md)
 * @throws PGDRILL_DESCRIPTION_INVALID, PGDRILL_DISCOVERY_FAILED, PGDRILL_PATRONI_IS_PID1, each naming the container and what
 *   to write into the description
 */
export async function attachForeign(engine: Engine, run: Run, file: string): Promise<Cluster> {
  const given = parseForeignFile(readDescription(file), file);
  const containers = await Promise.all(given.members.map((name) => the(engine, name, 'members')));
  const barman = await the(engine, given.barman.container, 'barman');
  const seen = await Promise.all(containers.map((container) => seeMember(run, container)));
  const earlier = readRemembered(file);
  const members = await Promise.all(
    seen.map((one) => completeMember(run, one, given, earlier.members[one.container.name], seen)),
  );
  const { scope, namespace } = requireOneCluster(given, members);
  for (const { settings } of members) remember(run, settings);
  const [first] = members;
  const control = await controlOf(run, members);
  const found = await discoverBarman(run, barman, given.barman, members, control.systemIdentifier, earlier.receiving);
  const remembered = Object.fromEntries(members.map((member) => [member.container.name, member.remembered]));
  const { receiving } = found.places;
  if (!writeRemembered(file, { format: 1, members: remembered, ...(receiving ? { receiving } : {}) })) {
    run.note(
      `${file}.discovered.json cannot be written: a recovery that is cut off needs patroni: { config, start, stop } in the description to go on`,
    );
  }
  for (const text of found.warnings) run.recorder.record({ kind: 'warning', text });
  const { password, ...dcs } = first!.settings.dcs;
  const description: ClusterDescription = {
    format: 1,
    run: 'none',
    name: 'main',
    stack: 'foreign',
    postgresMajor: control.major,
    scope,
    namespace,
    barmanServer: found.server,
    network: '',
    members: members.map(({ settings }) => settings.name),
    etcd: dcs.hosts.map(({ host }) => host),
    secrets: {
      superuser: first!.settings.superuser.password,
      replicator: first!.settings.replication.password,
      rewind: first!.settings.rewind.password,
      barman: '',
    },
    origin: 'foreign',
    places: Object.fromEntries(members.map(({ settings, places }) => [settings.name, places])),
    barman: found.places,
    dcs,
  };
  const reach = forwardingReach(run);
  const endpoints = await endpointsOf(members, description, password, reach);
  const cluster = new Cluster(
    run,
    description,
    new Map(
      members.map(({ settings, container }) => [
        settings.name,
        new PatroniNode(run, description, settings.name, container, reach),
      ]),
    ),
    new EtcdQuorum(run, description, await etcdContainers(engine, run, members, description), endpoints),
    new BarmanServer(run, description, barman),
  );
  await requireAllMembers(run, cluster, file);
  return cluster;
}

function readDescription(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PgdrillError(
      'PGDRILL_DESCRIPTION_INVALID',
      `the description ${file} cannot be read: ${messageOf(cause)}`,
      'write one: members: [container, …] and barman: { container: … }; docs/clusters.md has every field',
      { cause },
    );
  }
}

async function the(engine: Engine, name: string, field: string): Promise<Container> {
  const container = await findContainer(engine, name);
  if (container) return container;
  throw discoveryFailed(
    name,
    'the engine has no such container',
    `correct "${field}" in the description (docker ps -a)`,
  );
}

/** Every member's configuration has to be of one cluster, under names of their own. */
function requireOneCluster(
  given: ForeignFile,
  members: readonly DiscoveredMember[],
): Pick<ClusterDescription, 'scope' | 'namespace'> {
  const [first] = members;
  const { scope, namespace } = first!.settings;
  for (const { container, settings, places } of members) {
    if (settings.scope !== scope || settings.namespace !== namespace) {
      throw discoveryFailed(
        container.name,
        `it is a member of ${settings.namespace}${settings.scope}, and ${first!.container.name} one of ${namespace}${scope}`,
        'name members of one cluster in the description',
      );
    }
    const twin = members.find((other) => other.settings.name === settings.name && other.container !== container);
    if (twin) {
      throw discoveryFailed(
        container.name,
        `Patroni's name there is "${settings.name}", as in ${twin.container.name} (${places.configFile})`,
        'name each member once in the description',
      );
    }
  }
  const wanted = `/${(given.namespace ?? namespace).replaceAll(/^\/+|\/+$/g, '')}/`.replace('//', '/');
  if ((given.scope ?? scope) !== scope || wanted !== namespace) {
    throw discoveryFailed(
      first!.container.name,
      `Patroni's cluster there is ${namespace}${scope} (${first!.places.configFile}), and the description says ${wanted}${given.scope ?? scope}`,
      'correct scope or namespace in the description, or name other containers',
    );
  }
  return { scope, namespace };
}

function remember(run: Run, { superuser, replication, rewind, dcs }: DiscoveredMember['settings']): void {
  run.secrets.remember('superuser password', superuser.password);
  run.secrets.remember('replicator password', replication.password);
  if (rewind.password !== superuser.password) run.secrets.remember('rewind password', rewind.password);
  if (dcs.password !== undefined) run.secrets.remember('etcd password', dcs.password);
}

/** Major release and system identifier, of the first data directory that is there. */
async function controlOf(
  run: Run,
  members: readonly DiscoveredMember[],
): Promise<{ major: number; systemIdentifier?: string }> {
  for (const { container, running, places } of members) {
    if (!running) continue;
    const script = 'cat "$1/PG_VERSION" && LC_ALL=C "$2/pg_controldata" -D "$1"';
    const { stdout } = await runCommand(run, container, ['sh', '-c', script, 'sh', places.dataDir, places.binDir], {
      check: false,
    });
    const major = Number.parseInt(stdout, 10);
    const systemIdentifier = /system identifier:\s*(\d+)/.exec(stdout)?.[1];
    if (major > 0) return { major, ...(systemIdentifier === undefined ? {} : { systemIdentifier }) };
  }
  throw discoveryFailed(
    members.map(({ container }) => container.name).join(', '),
    'no container with a data directory runs, so the release of PostgreSQL is not known',
    'start one of them (docker start …)',
  );
}

/** Each member of etcd, through the container of a PostgreSQL member that runs: there it is known to be reached. */
async function endpointsOf(
  members: readonly DiscoveredMember[],
  description: ClusterDescription,
  password: string | undefined,
  reach: Reach,
): Promise<EtcdEndpoint[]> {
  const { hosts, tls, username } = description.dcs!;
  const first = members.find(({ running }) => running) ?? members[0]!;
  const read = async (file: string | undefined) => (file === undefined ? undefined : first.container.readBytes(file));
  const [ca, cert, key] = await Promise.all([read(tls?.ca), read(tls?.cert), read(tls?.key)]);
  const through = async () => {
    for (const { container } of members) if (await container.isRunning()) return container;
    return first.container;
  };
  return hosts.map(({ host, port: inside }) => {
    const port = async () => reach.portOf(await through(), { host, port: inside });
    const access: EtcdAccess = {
      ...(tls ? { tls: { host, ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) } } : {}),
      ...(username === undefined ? {} : { auth: { username, password: password ?? '' } }),
    };
    return { name: host, port, currentPort: port, access };
  });
}

/** The containers of etcd, by host, where they run on this engine: found by the addresses that their names lead to. */
async function etcdContainers(
  engine: Engine,
  run: Run,
  members: readonly DiscoveredMember[],
  description: ClusterDescription,
): Promise<Map<string, Container>> {
  const found = new Map<string, Container>();
  const member = members.find(({ running }) => running);
  if (!member) return found;
  const byAddress = await containersByAddress(engine);
  for (const { host } of description.dcs!.hosts) {
    const { stdout } = await runCommand(run, member.container, ['getent', 'ahosts', host], { check: false });
    const container = byAddress.get(stdout.split(/\s/)[0] ?? '');
    if (container) found.set(host, container);
  }
  return found;
}

/**
 * A member that is not described would not be fenced: it would promote itself with the accident in it.
 * @throws PGDRILL_DISCOVERY_FAILED
 */
async function requireAllMembers(run: Run, cluster: Cluster, file: string): Promise<void> {
  const keys = await cluster.etcd.keys().catch((error: unknown) => {
    if (error instanceof PgdrillError && error.code === 'PGDRILL_INTERRUPTED') throw error;
    run.note(`etcd does not answer: ${messageOf(error)}`);
    return {};
  });
  const known = Object.keys(keys).flatMap((key) => /^members\/(.+)$/.exec(key)?.[1] ?? []);
  const missing = known.filter((name) => !cluster.members.has(name));
  if (missing.length === 0) return;
  throw discoveryFailed(
    file,
    `${cluster.description.scope} has the member${missing.length > 1 ? 's' : ''} ${missing.join(', ')} too, which the description does not name`,
    'name every member: one that is left out goes on writing while the others are recovered',
  );
}

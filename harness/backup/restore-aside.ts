import type { Cluster } from '../cluster/cluster';
import { resourceName } from '../cluster/description';
import { PatroniNode } from '../cluster/patroni-node';
import { findContainers } from '../engine/container';
import { ownerIsGone, ownerLabel } from '../engine/ownership';
import { startContainer } from '../engine/start';
import type { Engine } from '../engine/connect';
import { createNetwork, removeNetwork, type Network } from '../engine/network';
import { labels } from '../run/ids';
import type { Run } from '../run/run';
import { limited, until } from '../run/until';
import { targetOption } from './recover-target';
import { messageOf, PgdrillError } from '../record/errors';
import type { RecoveryTarget } from '../record/recovery';

/** The name by which the restored server goes: of its container, its network and its data directory. */
export const ASIDE = 'aside';

export interface AsideRequest {
  /** Id of the backup. */
  backup: string;
  /** Where replay stops. */
  target: RecoveryTarget;
  timeline: number;
}

/** A server restored beside the cluster, promoted, to be read like a member. */
export interface AsideServer {
  node: PatroniNode;
  /** Why it is not up, in Barman's or PostgreSQL's own words; what it holds cannot be read then. */
  failed?: string;
  /** Takes it away with its data. Idempotent; also done at the run's end. */
  remove(): Promise<void>;
}

/** Ends when it is asked to; Patroni is never started in it. */
const SLEEP = ['sh', '-c', 'trap "exit 0" TERM; sleep infinity & wait'];

const HBA = `/run/postgresql/${ASIDE}_hba.conf`;

/**
 * Restores a backup beside the running cluster and lets it replay up to a point, promote itself and stay up.
 *
 * `barman recover` writes into a folder of a member's volume, which Barman's server mounts anyhow; the server that runs on
 * it is in a container of its own from the nodes' image, on a network of its own: it reaches neither etcd nor Barman nor a
 * publisher whose slot a restored subscription would consume, and archives nothing.
 * @throws PGDRILL_DEADLINE and what the engine throws; that Barman or PostgreSQL failed is told by `failed`
 */
export async function restoreAside(
  engine: Engine,
  run: Run,
  cluster: Cluster,
  request: AsideRequest,
): Promise<AsideServer> {
  const { description, barman } = cluster;
  const leader = await cluster.leader();
  const host = cluster.others(leader.name).at(-1) ?? leader;
  const folder = `/nodes/${host.name}/${description.postgresMajor}/${ASIDE}`;
  const name = resourceName(description.run, description.name, ASIDE);
  const marks = { [labels.cluster]: description.name, [labels.role]: ASIDE, [labels.member]: ASIDE };
  await clearLeftOver(engine, name, { [labels.run]: description.run, ...marks });
  let container: PatroniNode['container'] | undefined;
  let network: Network | undefined;
  const undo = async () => {
    await container?.remove();
    if (network) await removeNetwork(engine, network);
    [container, network] = [undefined, undefined];
    await barman.container.exec(['rm', '-rf', folder]);
  };
  const done = run.teardown.add('server restored aside', 'undo', undo);
  const remove = async () => {
    await undo();
    done();
  };
  network = await createNetwork(engine, description.run, name, marks);
  const { Config } = await host.container.inspect();
  const volume = resourceName(description.run, description.name, host.name);
  container = await limited('containers started', run, (signal) =>
    startContainer(
      engine,
      {
        run: description.run,
        name,
        image: Config.Image,
        hostname: ASIDE,
        network: name,
        aliases: [ASIDE],
        labels: marks,
        ports: [5432],
        // Twice: newer releases of Barman write the folder's path as they see it into restore_command.
        volumes: [
          { volume, target: '/var/lib/postgresql' },
          { volume, target: `/nodes/${host.name}` },
        ],
        files: [
          {
            target: HBA,
            content: 'local all all trust\nhost all postgres samenet scram-sha-256\n',
            mode: 0o644,
          },
        ],
        entrypoint: SLEEP,
        shmBytes: 256 * 1024 * 1024,
        stopTimeoutSeconds: 1,
      },
      signal,
    ),
  );
  const node = new PatroniNode(run, description, ASIDE, container);
  const failed = (await recover(cluster, folder, request)) ?? (await replay(run, node, request));
  return { node, remove, ...(failed === undefined ? {} : { failed }) };
}

/**
 * What a process that was killed has left: container and network of the same names would be in the way.
 * @throws PGDRILL_ASIDE_BUSY when a process that lives, or one of another host, is at it
 */
async function clearLeftOver(engine: Engine, network: string, marks: Record<string, string>): Promise<void> {
  for (const left of await findContainers(engine, marks)) {
    const owner = left.labels[labels.owner] ?? '';
    if (owner !== ownerLabel() && !ownerIsGone(owner)) {
      throw new PgdrillError(
        'PGDRILL_ASIDE_BUSY',
        `another process, ${owner || 'unknown'}, has a server beside this cluster: ${left.name}`,
        `wait until it is done; if it is not at work any more: docker rm -f ${left.name}`,
      );
    }
    await left.remove();
  }
  await removeNetwork(engine, { id: network, name: network });
}

/** @returns Barman's words when it could not */
async function recover({ barman }: Cluster, folder: string, request: AsideRequest): Promise<string | undefined> {
  await barman.exec(['rm', '-rf', folder]);
  await barman.exec(['install', '-d', '-o', 'barman', '-g', 'barman', '-m', '0700', folder]);
  const target = ['--target-tli', String(request.timeline), ...writtenBy(request.target)];
  const { exitCode, stdout, stderr } = await barman.barman(
    ['recover', ...target, '--target-action', 'promote', barman.server, request.backup, folder],
    { check: false, deadline: 'backup recovered' },
  );
  if (exitCode === 0) return undefined;
  return `"barman recover" ended with ${exitCode}: ${(stderr || stdout).trim().slice(-400)}`;
}

/**
 * The target that Barman is told. A time would have it choose segments by when their files were archived, and it may stop
 * one short with nobody to ask for more; `latest` is no recovery to it at all. For both it is told a name that nobody gave
 * to a restore point: it then copies all there is, and the server's own settings say where to stop.
 */
function writtenBy(target: RecoveryTarget): string[] {
  if (target.kind === 'time' || target.kind === 'latest') return ['--target-name', ASIDE];
  return targetOption(target);
}

/** The settings that take the place of what Barman was told; none where it was told the target itself. */
function instead(target: RecoveryTarget): Record<string, string> {
  if (target.kind === 'latest') return { recovery_target_name: '' };
  if (target.kind !== 'time') return {};
  const { time, inclusive } = target;
  return { recovery_target_name: '', recovery_target_time: time, recovery_target_inclusive: inclusive ? 'on' : 'off' };
}

/** @returns the server's words when it ended before it was promoted */
async function replay(run: Run, node: PatroniNode, { target }: AsideRequest): Promise<string | undefined> {
  const settings = {
    archive_mode: 'off',
    primary_conninfo: '',
    primary_slot_name: '',
    synchronous_standby_names: '',
    max_logical_replication_workers: '0',
    listen_addresses: '*',
    port: '5432',
    hba_file: HBA,
    // The backup's postgresql.conf names the file of the member it was taken from.
    ident_file: `${node.dataDir}/pg_ident.conf`,
    unix_socket_directories: '/run/postgresql',
    log_directory: '/var/log/postgresql',
    log_filename: 'postgresql.log',
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
  await node.exec([
    'bash',
    '-c',
    `install -d -o postgres -g postgres -m 0755 /var/log/postgresql
     install -d -o postgres -g postgres -m 2775 /run/postgresql
     chown -R postgres:postgres "$1" && chmod 0700 "$1"`,
    'bash',
    node.dataDir,
  ]);
  // Behind what Barman wrote: the last of several lines for one setting counts (guc-file.l, ParseConfigFp).
  const lines = Object.entries(instead(target)).map(([name, value]) => `${name} = '${value}'`);
  await node.exec([
    'bash',
    '-c',
    'printf "\\n%s\\n" "$2" >> "$1/postgresql.auto.conf"',
    'bash',
    node.dataDir,
    lines.join('\n'),
  ]);
  await node.exec([
    'su',
    'postgres',
    '-c',
    `${node.binDir}/pg_ctl -D ${node.dataDir} -s -W -l /var/log/postgresql/start.log -o "${options.join(' ')}" start`,
  ]);
  let seen = 'no answer';
  return until(
    'recovery finished',
    run,
    async () => {
      try {
        const recovering = (await node.value('SELECT pg_is_in_recovery()')) === 'true';
        seen = recovering ? `replayed up to ${await node.value('SELECT pg_last_wal_replay_lsn()')}` : 'promoted';
        return recovering ? false : { words: undefined };
      } catch (error) {
        if (error instanceof PgdrillError && error.code === 'PGDRILL_INTERRUPTED') throw error;
        seen = messageOf(error);
        return (await node.hasPostmaster()) ? false : { words: await lastWords(node) };
      }
    },
    { seen: () => seen },
  ).then(({ words }) => words);
}

async function lastWords(node: PatroniNode): Promise<string> {
  const { stdout } = await node.exec(['bash', '-c', 'cat /var/log/postgresql/*.log'], { check: false });
  const lines = stdout.split('\n').filter((line) => /FATAL|PANIC|ERROR|LOG: {2}(redo|recovery|last)/.test(line));
  return `PostgreSQL ended before it reached the target: ${lines.slice(-3).join(' | ') || stdout.trim().slice(-300) || 'it logged nothing'}`;
}

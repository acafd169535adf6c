import { plural } from '../../../reports/quantity';
import { listBackups } from '../../backup/base-backup';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { placesOf } from '../../cluster/description';
import { messageOf } from '../../record/errors';
import { nowText } from '../../run/recorder';
import type { Run } from '../../run/run';
import { countRows, type RowCounts } from './row-counts';

const file = 'cluster-before.json';

/** What the state of the cluster before a recovery came to. */
export interface ClusterBefore {
  /** Rows by count(*), else estimates; absent where no server answered. */
  counts?: RowCounts;
  /** One line of what was saved. */
  summary: string;
}

/**
 * Saves what the cluster looks like before anything is touched: topology, what the DCS holds, Patroni's configuration,
 * backups, and how many rows each table has. Into `cluster-before.json` of the run's folder, without secrets. What cannot
 * be read is kept as the reason why: a damaged cluster is what recoveries are for.
 */
export async function saveClusterBefore(run: Run, cluster: Cluster): Promise<ClusterBefore> {
  const { description, barman } = cluster;
  const leader = await cluster.findLeader();
  const server = leader ?? (await firstAnswering(cluster));
  const [members, dcs, backups, counts] = await Promise.all([
    Promise.all(cluster.nodes.map((node) => memberState(cluster, node))),
    orReason(
      cluster.etcd.keys().then((keys) => Object.fromEntries(Object.entries(keys).map(([k, v]) => [k, parsed(v)]))),
    ),
    orReason(listBackups(cluster)),
    server ? orReason(countRows(run, server)) : { notRead: 'no member answers' },
  ]);
  const state = {
    at: nowText(),
    scope: description.scope,
    namespace: description.namespace,
    ...(leader ? { leader: leader.name } : {}),
    members,
    dcs,
    barman: { server: barman.server, backups },
    ...(server ? { rowsOn: server.name } : {}),
    rows: counts,
  };
  const reference = run.recorder.write(file, `${withoutPasswords(JSON.stringify(state, null, 2))}\n`);
  run.recorder.record({ kind: 'file', what: 'the cluster before the recovery', reference });
  const known = 'notRead' in counts ? undefined : (counts as RowCounts);
  return {
    ...(known ? { counts: known } : {}),
    summary: `${plural(members.length, 'member')}, ${leader ? `leader ${leader.name}` : 'no leader'}; ${known ? rowsText(known) : 'rows not counted: no member answers'}; in ${file}`,
  };
}

/** `38,948 rows in 10 tables`; how many of the tables were only estimated. Pure. */
export function rowsText(counts: RowCounts): string {
  const tables = Object.values(counts).flatMap((database) => Object.values(database));
  const estimated = tables.filter(({ by }) => by === 'estimate').length;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return `${plural(rows, 'row')} in ${plural(tables.length, 'table')}${estimated > 0 ? `, of which ${plural(estimated, 'table')} estimated` : ', counted'}`;
}

/** Values of settings that look like secrets, taken out: what the run does not know as a secret. Pure. */
export function withoutPasswords(text: string): string {
  const secret = /((?:password|passwd|secret|token)[\w-]*\\*["']?\s*[:=]\s*)(?:(\\*["'])(.*?)\2|[^\s"'\\,}]+)/gi;
  return text.replaceAll(secret, (_, name: string, quote = '') => `${name}${quote}<taken out>${quote}`);
}

async function memberState(cluster: Cluster, node: PatroniNode): Promise<Record<string, unknown>> {
  const { configFile } = placesOf(cluster.description, node.name);
  const running = await node.container.isRunning();
  return {
    name: node.name,
    container: node.container.name,
    running,
    dataDir: node.dataDir,
    patroni: (await node.patroni()) ?? { notRead: 'its REST API does not answer' },
    configuration: await orReason(node.container.readFile(configFile)),
  };
}

async function firstAnswering(cluster: Cluster): Promise<PatroniNode | undefined> {
  for (const node of cluster.nodes) if ((await node.inRecovery()) !== undefined) return node;
  return undefined;
}

async function orReason<T>(read: Promise<T>): Promise<T | { notRead: string }> {
  return read.catch((error: unknown) => ({ notRead: messageOf(error) }));
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

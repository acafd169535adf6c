import { listBackups, showBackup } from '../backup/base-backup';
import { archivedFiles } from '../backup/wal-archive';
import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import { parseControlData } from '../formats/controldata';
import type { WalCommit } from '../record/ledger';
import type { RecoveryTarget } from '../record/recovery';
import type { Run } from '../run/run';
import { commitsAtTime } from './commits-at-time';
import type { MemberFacts, PitrFacts } from './plan/facts';

/**
 * Everything that the planner needs, asked of the running cluster. Nothing is changed.
 * @param target of a time, what shares its microsecond is looked up
 */
export async function gatherFacts(run: Run, cluster: Cluster, target?: RecoveryTarget): Promise<PitrFacts> {
  const leader = await cluster.leader();
  const [server, control, files, ids, keys] = await Promise.all([
    askLeader(leader),
    leader.exec(['env', 'LC_ALL=C', 'pg_controldata', '-D', leader.dataDir]),
    archivedFiles(cluster.barman),
    listBackups(cluster),
    cluster.etcd.keys(),
  ]);
  run.note(`asked ${leader.name}, Barman and etcd: ${files.segments.length} segments archived, ${ids.length} backups`);
  const commitsAtTarget = target?.kind === 'time' && (await commitsAt(leader, server.timeline, target.time));
  const config = JSON.parse(keys.config ?? '{}') as Record<string, unknown>;
  return {
    ...server,
    scope: cluster.description.scope,
    namespace: cluster.description.namespace,
    server: cluster.barman.server,
    systemIdentifier: parseControlData(control.stdout).systemIdentifier,
    segmentSize: parseControlData(control.stdout).walSegmentSize,
    members: await Promise.all(cluster.nodes.map((node) => askMember(node, leader.name, keys))),
    backups: await Promise.all(
      ids.filter((backup) => backup.status === 'DONE').map((backup) => showBackup(cluster, backup.id)),
    ),
    segments: files.segments,
    paused: config.pause === true,
    synchronous: config.synchronous_mode !== undefined && config.synchronous_mode !== false,
    standbyCluster: config.standby_cluster !== undefined,
    binDir: leader.binDir,
    ...(commitsAtTarget ? { commitsAtTarget } : {}),
  };
}

/** What only serves a warning must not keep a recovery from being planned: without it the warning is not given. */
async function commitsAt(leader: PatroniNode, timeline: number, time: string): Promise<WalCommit[] | undefined> {
  return commitsAtTime(leader, timeline, time).catch(() => undefined);
}

async function askLeader(
  leader: PatroniNode,
): Promise<Pick<PitrFacts, 'now' | 'currentLsn' | 'timeline' | 'history' | 'tablespaces'>> {
  const [row] = await leader.query<{ now: string; lsn: string; wal: string; tablespaces: string[] }>(
    `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' AS now,
            pg_current_wal_insert_lsn()::text AS lsn, pg_walfile_name(pg_current_wal_insert_lsn()) AS wal,
            ARRAY(SELECT spcname::text FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')) AS tablespaces`,
  );
  const timeline = Number.parseInt(row!.wal.slice(0, 8), 16);
  return {
    now: row!.now,
    currentLsn: row!.lsn,
    timeline,
    tablespaces: row!.tablespaces,
    history: await leader.history(timeline),
  };
}

async function askMember(node: PatroniNode, leader: string, keys: Record<string, string>): Promise<MemberFacts> {
  const running = await node.container.isRunning();
  const member = JSON.parse(keys[`members/${node.name}`] ?? '{}') as { tags?: Record<string, unknown> };
  const free = running ? (await node.exec(['df', '-B1', '--output=avail', '/var/lib/postgresql'])).stdout : '0';
  return {
    name: node.name,
    leader: node.name === leader,
    running,
    nofailover: member.tags?.nofailover === true,
    dataDir: node.dataDir,
    freeBytes: BigInt(/(\d+)\s*$/.exec(free)?.[1] ?? '0'),
  };
}

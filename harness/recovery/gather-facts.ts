import { listBackups, showBackup } from '../backup/base-backup';
import { archivedFiles, archivedHistory, dumpTransactions } from '../backup/wal-archive';
import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import { parseControlData } from '../formats/controldata';
import { commitOf, endsTransaction } from '../formats/waldump';
import { parseWalName } from '../formats/wal-name';
import type { WalCommit } from '../record/ledger';
import type { RecoveryTarget } from '../record/recovery';
import type { Run } from '../run/run';
import { commitsAtTime } from './commits-at-time';
import { dropsNear } from './drops-near';
import type { DroppedDatabase, MemberFacts, PitrFacts } from './plan/facts';

/** How many segments at the end of a timeline are read for its last commit; those after a shutdown hold none. */
const LAST_SEGMENTS = 4;

/**
 * Everything that the planner needs, asked of the running cluster. Nothing is changed.
 * @param target of a time, what shares its microsecond is looked up; of a time or an LSN, whether it lies within a DROP
 * DATABASE
 * @param targetTimeline where it is not the cluster's, its last commit in the archive is looked up
 */
export async function gatherFacts(
  run: Run,
  cluster: Cluster,
  target?: RecoveryTarget,
  targetTimeline?: number,
): Promise<PitrFacts> {
  const leader = await cluster.leader();
  const [server, control, files, ids, keys] = await Promise.all([
    askLeader(leader),
    leader.exec(['env', 'LC_ALL=C', 'pg_controldata', '-D', leader.dataDir]),
    archivedFiles(cluster.barman),
    listBackups(cluster),
    cluster.etcd.keys(),
  ]);
  run.note(`asked ${leader.name}, Barman and etcd: ${files.segments.length} segments archived, ${ids.length} backups`);
  const { systemIdentifier, walSegmentSize, checksumVersion, walLogHints } = parseControlData(control.stdout);
  const own = targetTimeline === undefined || targetTimeline === server.timeline;
  const [commitsAtTarget, drops, lastCommit, histories] = await Promise.all([
    own && target?.kind === 'time' ? commitsAt(leader, server.timeline, target.time) : undefined,
    own && target ? dropsAround(leader, server.timeline, walSegmentSize, target) : undefined,
    own ? undefined : lastCommitOf(cluster, targetTimeline, files.segments, walSegmentSize).catch(() => undefined),
    Promise.all(
      files.histories.map(async (timeline) => ({ timeline, text: await archivedHistory(cluster.barman, timeline) })),
    ),
  ]);
  const config = JSON.parse(keys.config ?? '{}') as Record<string, unknown>;
  return {
    ...server,
    scope: cluster.description.scope,
    namespace: cluster.description.namespace,
    server: cluster.barman.server,
    systemIdentifier,
    segmentSize: walSegmentSize,
    members: await Promise.all(cluster.nodes.map((node) => askMember(node, leader.name, keys))),
    backups: await Promise.all(
      ids.filter((backup) => backup.status === 'DONE').map((backup) => showBackup(cluster, backup.id)),
    ),
    segments: files.segments,
    histories,
    paused: config.pause === true,
    synchronous: config.synchronous_mode !== undefined && config.synchronous_mode !== false,
    synchronousStrict: config.synchronous_mode_strict === true,
    dataChecksums: checksumVersion > 0,
    walLogHints,
    standbyCluster: config.standby_cluster !== undefined,
    binDir: leader.binDir,
    ...(commitsAtTarget ? { commitsAtTarget } : {}),
    ...(drops ? { drops } : {}),
    ...(lastCommit ? { lastCommit } : {}),
  };
}

/** What only serves a warning must not keep a recovery from being planned: without it the warning is not given. */
async function commitsAt(leader: PatroniNode, timeline: number, time: string): Promise<WalCommit[] | undefined> {
  return commitsAtTime(leader, timeline, time).catch(() => undefined);
}

/** Absent rather than fatal: the target may still be right. */
async function dropsAround(
  leader: PatroniNode,
  timeline: number,
  segmentSize: number,
  target: RecoveryTarget,
): Promise<DroppedDatabase[] | undefined> {
  return dropsNear(leader, timeline, segmentSize, target).catch(() => undefined);
}

/** The last commit or abort of a timeline that was left: looked for in its last segments, from the end. */
async function lastCommitOf(
  { barman }: Cluster,
  timeline: number,
  segments: readonly string[],
  segmentSize: number,
): Promise<WalCommit | undefined> {
  const own = segments.filter((name) => parseWalName(name).timeline === timeline);
  for (const segment of own.slice(-LAST_SEGMENTS).reverse()) {
    const { records } = await dumpTransactions(barman, [segment], segmentSize);
    const last = records.findLast(endsTransaction);
    if (last) return commitOf(last);
  }
  return undefined;
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

import { backupTablespaces } from '../../formats/backup-tablespaces';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { parseControlData, type ControlData } from '../../formats/controldata';
import { compareLsn } from '../../formats/lsn';
import { firstLsnOf, historyNameOf, nextWalName, parseWalName } from '../../formats/wal-name';
import { parseBackupInfo } from '../../formats/backup-info';
import type { BackupRef } from '../../record/backup-ref';
import { PgdrillError } from '../../record/errors';
import type { PitrFacts } from '../plan/facts';
import type { LeaderFacts } from './ask-leader';
import { receivedPartial, walOnDisk, type WalFiles } from './known-wal';
import type { WaitContext } from '../../run/until';

/** What is known of a cluster that has no leader, from Barman, the DCS and what lies on the members' disks. */
export type LeaderlessFacts = Omit<LeaderFacts, 'subscriptions'> &
  Pick<PitrFacts, 'partial' | 'lastCommit'> & {
    /** WAL on the disk of each member beyond the archive, by name. */
    wal: Record<string, NonNullable<PitrFacts['members'][number]['wal']>>;
  };

interface Known {
  keys: Readonly<Record<string, string>>;
  backups: readonly BackupRef[];
  segments: readonly string[];
  histories: readonly { timeline: number; text: string }[];
  /** What Barman holds, by file. */
  barman: WalFiles;
}

/**
 * The same facts as a leader would give. The timeline is the newest that a member's control file or receive-wal was on:
 * the archive alone may hold a newer one that an earlier recovery left.
 * @throws PGDRILL_FACTS_MISSING where not even a backup tells what system this is
 */
export async function withoutLeader(context: WaitContext, cluster: Cluster, known: Known): Promise<LeaderlessFacts> {
  const { barman } = cluster;
  const running = await runningNodes(cluster);
  const [controls, now, info] = await Promise.all([
    Promise.all(running.map(controlOf)).then((all) => all.filter((one) => one !== undefined)),
    barman.exec(['date', '-u', '+%Y-%m-%d %H:%M:%S.%6N+00']),
    newestInfo(cluster, known.backups),
  ]);
  const systemIdentifier = controls[0]?.systemIdentifier ?? known.keys.initialize ?? known.backups[0]?.systemIdentifier;
  const segmentSize = controls[0]?.walSegmentSize ?? Number(info.xlog_segment_size ?? 0);
  if (!systemIdentifier || !segmentSize) {
    throw new PgdrillError(
      'PGDRILL_FACTS_MISSING',
      `no member of ${cluster.description.scope} leads, none has a control file that can be read, and Barman has no backup of ${barman.server}`,
      'without a backup there is nothing to recover from',
    );
  }
  const timeline = timelineOf(controls, known);
  const partial = await receivedPartial(context, known.barman, timeline, known.segments, segmentSize);
  const last = known.segments.filter((name) => parseWalName(name).timeline === timeline).at(-1);
  const archivedEnd = last === undefined ? '0/0' : firstLsnOf(nextWalName(last, segmentSize), segmentSize);
  const disks = await Promise.all(
    running.map(async (node) => {
      // One that cannot be read holds nothing that would serve.
      const wal = await walOnDisk(context, node, timeline, known.segments, segmentSize).catch(() => undefined);
      return wal ? [[node.name, wal] as const] : [];
    }),
  );
  return {
    now: now.stdout.trim(),
    currentLsn: partial && compareLsn(partial.endLsn, archivedEnd) > 0 ? partial.endLsn : archivedEnd,
    timeline,
    history: await historyOf(timeline, known, running),
    tablespaces: backupTablespaces(info.tablespaces),
    systemIdentifier,
    segmentSize,
    // Where it is not known, nothing may rely on it.
    dataChecksums: controls.length > 0 && controls.every((one) => one.checksumVersion > 0),
    walLogHints: controls.length > 0 && controls.every((one) => one.walLogHints),
    wal: Object.fromEntries(disks.flat()),
    ...(partial ? { partial: { segment: partial.segment, endLsn: partial.endLsn } } : {}),
    ...(partial?.lastCommit ? { lastCommit: partial.lastCommit } : {}),
  };
}

async function runningNodes({ nodes }: Cluster): Promise<PatroniNode[]> {
  const running = await Promise.all(nodes.map(async (node) => [node, await node.container.isRunning()] as const));
  return running.filter(([, runs]) => runs).map(([node]) => node);
}

/** Undefined where it cannot be read: gone, or damaged. */
async function controlOf(node: PatroniNode): Promise<ControlData | undefined> {
  try {
    const command = ['env', 'LC_ALL=C', `${node.binDir}/pg_controldata`, '-D', node.dataDir];
    return parseControlData((await node.exec(command)).stdout);
  } catch {
    return undefined;
  }
}

/** `backup.info` of the newest backup: what Barman's JSON leaves out. */
async function newestInfo({ barman }: Cluster, backups: readonly BackupRef[]): Promise<Record<string, string>> {
  const newest = [...backups].sort((a, b) => compareLsn(a.endLsn, b.endLsn)).at(-1);
  if (!newest) return {};
  const { stdout } = await barman.exec(['cat', `${barman.home}/base/${newest.id}/backup.info`]);
  return parseBackupInfo(stdout);
}

function timelineOf(controls: readonly ControlData[], { keys, segments, barman }: Known): number {
  const followed = [...barman.paths]
    .filter(([name, path]) => name.endsWith('.partial') && path.includes('/streaming/'))
    .map(([name]) => parseWalName(name).timeline);
  const seen = [...controls.flatMap((one) => [one.timeline, one.minRecoveryEndTimeline]), ...followed];
  if (seen.length > 0) return Math.max(...seen);
  // Patroni's `history` has a row for each timeline that was left (Patroni, dcs/__init__.py, TimelineHistory).
  const left = (JSON.parse(keys.history ?? '[]') as [number][]).map(([timeline]) => timeline + 1);
  return Math.max(1, ...(left.length > 0 ? left : segments.map((name) => parseWalName(name).timeline)));
}

/** From the archive, else from a member's disk; empty on timeline 1, and where it is nowhere. */
async function historyOf(timeline: number, { histories }: Known, nodes: readonly PatroniNode[]): Promise<string> {
  if (timeline === 1) return '';
  const archived = histories.find((one) => one.timeline === timeline);
  if (archived) return archived.text;
  for (const node of nodes) {
    const text = await node.history(timeline).catch(() => undefined);
    if (text !== undefined) return text;
  }
  throw new PgdrillError(
    'PGDRILL_FACTS_MISSING',
    `the cluster was on timeline ${timeline}, and ${historyNameOf(timeline)} is neither in the archive nor on a member's disk`,
    `put ${historyNameOf(timeline)} back into the archive, or ask for an earlier timeline: --timeline`,
  );
}

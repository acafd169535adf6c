import { doneBackups } from '../backup/base-backup';
import { archivedFiles, heldHistories } from '../backup/wal-archive';
import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import { parseDynamicConfig, type DynamicConfig } from '../formats/dynamic-config';
import { compareLsn } from '../formats/lsn';
import { firstLsnOf } from '../formats/wal-name';
import type { RecoveryTarget } from '../record/recovery';
import type { Run } from '../run/run';
import { commitsAtTime } from './commits-at-time';
import { dropsNear } from './drops-near';
import { askLeader, type LeaderFacts } from './facts/ask-leader';
import { askMember } from './facts/ask-member';
import { clockBackAt } from './facts/clock-back';
import { settledLeader } from './facts/settled-leader';
import { barmanWal, lastCommitBefore, memberWal, type WalFiles } from './facts/known-wal';
import { restorePointsNamed } from './facts/restore-points';
import { withoutLeader, type LeaderlessFacts } from './facts/without-leader';
import type { LastBefore, PitrFacts } from './plan/facts';
import { firstHole } from './plan/needed-segments';
import { targetBranch, type TargetBranch } from './plan/timelines';

/** What comes of one look, before anything about the target is looked up. */
type Facts = PitrFacts & Partial<Pick<LeaderlessFacts, 'lastCommit'>>;

/**
 * Everything that the planner needs, asked of the cluster, or of what is left of it where nobody leads: Barman, the DCS and
 * the members' disks. Nothing is changed.
 * @param target of a time, what shares its microsecond is looked up; of a time or an LSN, whether it lies within a DROP
 * DATABASE; of a name, where its restore points are
 * @param targetTimeline default: the cluster's
 */
export async function gatherFacts(
  run: Run,
  cluster: Cluster,
  target?: RecoveryTarget,
  targetTimeline?: number,
): Promise<PitrFacts> {
  const leader = await settledLeader(run, cluster);
  const barman = await barmanWal(cluster.barman);
  const facts = await base(run, cluster, leader, barman);
  const timeline = targetTimeline ?? facts.timeline;
  const branch = branchOf(timeline, facts);
  const [wal, near] = await Promise.all([
    branch ? aboutWay(run, facts, branch, { leader, barman }) : {},
    leader && timeline === facts.timeline && target ? aboutTarget(leader, facts, target) : {},
  ]);
  const points =
    branch && target?.kind === 'name' ? await pointsOf(run, facts, branch, target.name, { leader, barman }) : undefined;
  return { ...facts, ...wal, ...near, ...(points ? { restorePoints: points } : {}) };
}

/** What holds whatever the target. */
async function base(run: Run, cluster: Cluster, leader: PatroniNode | undefined, barman: WalFiles): Promise<Facts> {
  const stored = cluster.etcd.keys().then((keys) => ({ keys, config: parseDynamicConfig(keys.config) }));
  const [{ segments }, backups, { keys, config }, histories, led, members] = await Promise.all([
    archivedFiles(cluster.barman),
    doneBackups(cluster),
    stored,
    heldHistories(cluster.barman),
    leader && askLeader(leader),
    stored.then((read) => {
      const everywhere = removesIn(read.config);
      return Promise.all(cluster.nodes.map((node) => askMember(node, leader?.name, read.keys, everywhere)));
    }),
  ]);
  const found: LeaderFacts | LeaderlessFacts =
    led ?? (await withoutLeader(run, cluster, { keys, backups, segments, histories, barman }));
  const { wal, ...server } = 'wal' in found ? found : { ...found, wal: {} as LeaderlessFacts['wal'] };
  run.note(
    `asked ${leader?.name ?? 'the disks, for nobody leads'}, Barman and etcd: ${segments.length} segments archived, ${backups.length} backups`,
  );
  return {
    ...server,
    scope: cluster.description.scope,
    namespace: cluster.description.namespace,
    server: cluster.barman.server,
    members: members.map((member) => {
      const onDisk = wal[member.name];
      return onDisk ? { ...member, wal: onDisk } : member;
    }),
    backups,
    segments,
    histories,
    paused: config.pause === true,
    synchronous: config.synchronous_mode !== undefined && config.synchronous_mode !== false,
    synchronousStrict: config.synchronous_mode_strict === true,
    standbyCluster: config.standby_cluster !== undefined && config.standby_cluster !== null,
    binDir: cluster.nodes[0]?.binDir ?? '',
  };
}

/** Settings of the dynamic configuration that let Patroni remove a data directory (Patroni's documentation, "PostgreSQL"). */
function removesIn({ postgresql = {} }: DynamicConfig): string[] {
  return Object.entries(postgresql)
    .filter(([name, value]) => name.startsWith('remove_data_directory_on_') && value === true)
    .map(([name]) => name);
}

/** Undefined where the planner will refuse the timeline, and say why. */
function branchOf(timeline: number, facts: PitrFacts): TargetBranch | undefined {
  try {
    return targetBranch(timeline, facts);
  } catch {
    return undefined;
  }
}

interface Sources {
  leader: PatroniNode | undefined;
  barman: WalFiles;
}

/** The last commits on the way: at its end, where timelines were left, and before the holes of the archive. */
async function aboutWay(
  run: Run,
  facts: Facts,
  branch: TargetBranch,
  { leader, barman }: Sources,
): Promise<Pick<PitrFacts, 'lastCommit' | 'lastBefore'>> {
  const { history } = branch;
  const { segmentSize } = facts;
  // What cannot be read is not told, and the planner warns of what it does not know.
  const at = (files: WalFiles, lsn: string) =>
    lastCommitBefore(run, files, history, lsn, segmentSize).catch(() => undefined);
  const end = async () => {
    if (branch.grows && leader) return at(await memberWal(leader), branch.endLsn);
    return facts.lastCommit && branch.own ? facts.lastCommit : at(barman, branch.endLsn);
  };
  const holes = facts.backups.flatMap((backup) => {
    const hole = firstHole(backup, facts, branch);
    return hole === undefined ? [] : [firstLsnOf(hole, segmentSize)];
  });
  // Only where the target's own timeline began: what lies before is another one's.
  const places = [...new Set([...history.ancestors.slice(-1).map((row) => row.endLsn), ...holes])];
  const [lastCommit, before] = await Promise.all([
    end(),
    Promise.all(
      places.map(async (lsn): Promise<LastBefore[]> => {
        const commit = await at(barman, lsn);
        return commit ? [{ lsn, commit }] : [];
      }),
    ),
  ]);
  return { ...(lastCommit ? { lastCommit } : {}), lastBefore: before.flat() };
}

/** What lies around the target, as far as the leader's pg_wal still has it; each is left out where it cannot be read. */
async function aboutTarget(
  leader: PatroniNode,
  { timeline, segmentSize }: PitrFacts,
  target: RecoveryTarget,
): Promise<Pick<PitrFacts, 'commitsAtTarget' | 'drops' | 'clockBack'>> {
  const time = target.kind === 'time' ? target.time : undefined;
  const [commitsAtTarget, drops, clockBack] = await Promise.all([
    time === undefined ? undefined : commitsAtTime(leader, timeline, time).catch(() => undefined),
    dropsNear(leader, timeline, segmentSize, target).catch(() => undefined),
    time === undefined ? undefined : clockBackAt(leader, timeline, time).catch(() => undefined),
  ]);
  return {
    ...(commitsAtTarget ? { commitsAtTarget } : {}),
    ...(drops ? { drops } : {}),
    ...(clockBack ? { clockBack } : {}),
  };
}

/** Read from the begin of the oldest backup on, as which of them is taken is the planner's to say. */
async function pointsOf(
  run: Run,
  facts: PitrFacts,
  { history, grows }: TargetBranch,
  name: string,
  { leader, barman }: Sources,
): Promise<PitrFacts['restorePoints']> {
  const [oldest] = facts.backups.map((backup) => backup.beginLsn).sort(compareLsn);
  if (oldest === undefined) return undefined;
  const way = { files: barman, history, fromLsn: oldest, segmentSize: facts.segmentSize };
  const at = grows && leader ? { node: leader, currentLsn: facts.currentLsn } : undefined;
  return restorePointsNamed(run, name, way, at).catch(() => undefined);
}

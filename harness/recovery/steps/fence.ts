import { archivedFiles, awaitArchived } from '../../backup/wal-archive';
import type { PatroniNode } from '../../cluster/patroni-node';
import { parseControlData } from '../../formats/controldata';
import { parseLsn } from '../../formats/lsn';
import { segmentAt, walNameFromNumber } from '../../formats/wal-name';
import { PgdrillError } from '../../record/errors';
import { nowText } from '../../run/recorder';
import { until } from '../../run/until';
import type { Site, Step } from '../site';
import { oldLeaderOf } from '../plan/stands';
import { noteRefused, refusedWrite } from './refused-write';

/**
 * No write is acknowledged any more, on any member, and this is proven by a write that fails on each.
 *
 * Replicas first, all at once (the recovered one leaves at the same time), then the leader: a replica whose Patroni still
 * runs when the leader goes would promote itself with the accident in it and acknowledge writes that the recovery throws
 * away. The leader stopped in order switches and archives its last segment itself.
 */
export const fence: Step = { do: stopAll, undo: startOld };

async function stopAll(site: Site): Promise<string> {
  const { cluster, plan, result } = site;
  const nodes = fenced(site);
  const leader = await leaderAmong(site, nodes);
  if (plan.fence === 'cutover' && leader) await refuseTwin(site, leader);
  // The way back leads to it. Known before it is stopped, when it can no longer be asked who led.
  if (leader && result.oldLeader === undefined) {
    result.oldLeader = leader.name;
    await site.save();
  }
  const followers = nodes.filter((node) => node !== leader);
  const stopped = Promise.all(followers.map((node) => node.stopPatroni()));
  const safe = noneCanBeElected(site, followers);
  // A stop that fails is told at once.
  await Promise.race([safe, stopped.then(() => safe)]);
  await leader?.stopPatroni();
  await stopped;
  const proven = async () => {
    const refused = await Promise.all(
      nodes.map(async (node) => ({ member: node.name, refused: await refusedWrite(node) })),
    );
    noteRefused(result, refused);
    result.fencedAt = nowText();
  };
  await Promise.all([
    proven(),
    // Nothing is left to receive, and on the new history it could not go on: it would be begun again and again.
    cluster.barman.stopReceiving(),
    leader && archiveLastSegment(site, leader),
  ]);
  return `a write is refused on ${nodes.map((node) => node.name).join(', ')}`;
}

/**
 * Without a postmaster a member is not elected any more: its Patroni, told to stop, ends up to a second after PostgreSQL, and
 * the leader need not wait for that. The recovered member leaves the cluster meanwhile.
 */
async function noneCanBeElected({ run, node, steps }: Site, followers: readonly PatroniNode[]): Promise<void> {
  const isolate = steps.find((step) => step.id === 'isolate');
  const leaving = isolate !== undefined && isolate.state !== 'done' ? [node] : [];
  let up: string[] = [];
  await until(
    'postmaster stopped',
    run,
    async () => {
      const running = await Promise.all(
        [...leaving, ...followers].map(async (one) => ((await one.hasPostmaster()) ? [one.name] : [])),
      );
      return (up = running.flat()).length === 0;
    },
    { everyMs: 100, seen: () => `PostgreSQL runs on ${up.join(', ')}` },
  );
}

/** Every member, or those that are left once the recovered one is out of the cluster. */
function fenced({ cluster, plan }: Site): PatroniNode[] {
  return plan.steps.some((step) => step.id === 'isolate') ? cluster.others(plan.node) : cluster.nodes;
}

/**
 * Until the cut-over the cluster has gone on. If it has had a promotion, its timeline may bear the number that the
 * recovered node took meanwhile, where no history file of it was in the archive yet: two branches that nobody could tell
 * apart by number.
 */
async function refuseTwin({ plan, result, node }: Site, leader: PatroniNode): Promise<void> {
  const timeline = await leader.writtenTimeline().catch(() => undefined);
  const own = result.newTimeline ?? plan.newTimeline;
  if (timeline === undefined || timeline < own) return;
  throw new PgdrillError(
    'PGDRILL_TIMELINE_TAKEN',
    `${leader.name} was promoted to timeline ${timeline} while the recovery went on, and ${node.name} is on a timeline ${own} of its own`,
    'take this recovery back (pgdrill pitr --rollback) and recover again: nothing of the cluster has been stopped yet',
  );
}

/** The leader of the plan, or of now: until the cut-over the cluster has gone on, and may have elected another one. */
async function leaderAmong(
  { cluster, plan, result }: Site,
  nodes: readonly PatroniNode[],
): Promise<PatroniNode | undefined> {
  const now = plan.fence === 'cutover' ? await cluster.findLeader() : undefined;
  return (
    nodes.find((node) => node === now) ??
    nodes.find((node) => node.name === result.oldLeader) ??
    nodes.find((node) => node.name === plan.leader)
  );
}

/**
 * The old leader first, so that no other is elected; then the others, which follow it. A recovered node that had left the
 * cluster before comes back with `isolate`. That all of them stream is seen at the end of the rollback.
 */
async function startOld(site: Site): Promise<string> {
  const { run } = site;
  const nodes = fenced(site);
  const leader = nodes.find((node) => node.name === oldLeaderOf(site));
  if (leader) {
    await leader.startPatroni();
    await until('recovered node leads', run, async () => (await leader.inRecovery()) === false);
  }
  await Promise.all(nodes.filter((node) => node !== leader).map((node) => node.startPatroni()));
  return leader ? `${leader.name} leads again` : 'every member is started; there was no leader';
}

/** The segment before the one that the shutdown checkpoint begins is the last with commits: it has to be in the archive. */
async function archiveLastSegment({ run, cluster, plan }: Site, leader: PatroniNode): Promise<void> {
  const { stdout } = await leader.exec(['env', 'LC_ALL=C', `${leader.binDir}/pg_controldata`, '-D', leader.dataDir]);
  const control = parseControlData(stdout);
  const last = segmentAt(parseLsn(control.checkpointLsn), plan.segmentSize) - 1n;
  const name = walNameFromNumber(control.timeline, last, plan.segmentSize);
  const { segments } = await archivedFiles(cluster.barman);
  if (!segments.includes(name)) await awaitArchived(run, cluster.barman, name);
}

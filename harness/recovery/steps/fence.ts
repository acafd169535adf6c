import { archivedFiles, awaitArchived } from '../../backup/wal-archive';
import type { PatroniNode } from '../../cluster/patroni-node';
import { parseControlData } from '../../formats/controldata';
import { parseLsn } from '../../formats/lsn';
import { segmentAt, walNameFromNumber } from '../../formats/wal-name';
import { messageOf, PgdrillError } from '../../record/errors';
import { nowText } from '../../run/recorder';
import { until } from '../../run/until';
import type { Site, Step } from '../site';

/**
 * No write is acknowledged any more, on any member, and this is proven by a write that fails on each.
 *
 * Replicas first, all at once, then the leader: a replica whose Patroni still runs when the leader goes would promote
 * itself with the accident in it and acknowledge writes that the recovery throws away. The leader stopped in order
 * switches and archives its last segment itself.
 */
export const fence: Step = { do: stopAll, undo: startOld };

async function stopAll(site: Site): Promise<string> {
  const { cluster, plan, result } = site;
  const leader = plan.leader;
  // At the cut-over the recovered node is up already, outside Patroni, for the superuser alone.
  const nodes = plan.fence === 'cutover' ? cluster.others(plan.node) : cluster.nodes;
  await Promise.all(nodes.filter((node) => node.name !== leader).map((node) => node.stopPatroni()));
  if (leader !== undefined) await cluster.member(leader).stopPatroni();
  result.fence = await Promise.all(
    nodes.map(async (node) => ({ member: node.name, refused: await refusedWrite(node) })),
  );
  result.fencedAt = nowText();
  // Nothing is left to receive, and on the new history it could not go on: it would be begun again and again.
  await cluster.barman.exec(['supervisorctl', 'stop', 'receive-wal']);
  if (leader !== undefined) await archiveLastSegment(site, cluster.member(leader));
  return `a write is refused on ${nodes.map((node) => node.name).join(', ')}`;
}

/** The old leader first, so that no other is elected; then the others, which follow it. */
async function startOld({ run, cluster, plan }: Site): Promise<string> {
  const leader = plan.leader === undefined ? undefined : cluster.member(plan.leader);
  if (leader) {
    await leader.startPatroni();
    await until('recovered node leads', run, async () => (await leader.inRecovery()) === false);
  }
  await Promise.all(cluster.nodes.filter((node) => node !== leader).map((node) => node.startPatroni()));
  const now = await cluster.awaitStreaming('members rejoined');
  await cluster.barman.exec(['supervisorctl', 'start', 'receive-wal']);
  return `${now.name} leads again, every member streams`;
}

/** Tries to write; returns how it was refused. @throws PGDRILL_FENCE_OPEN when it was not */
async function refusedWrite(node: PatroniNode): Promise<string> {
  if (await node.hasPostmaster()) {
    throw new PgdrillError(
      'PGDRILL_FENCE_OPEN',
      `a postmaster still runs on ${node.name} after its Patroni was stopped`,
      'look whether Patroni is paused or PostgreSQL was started by hand',
    );
  }
  try {
    await node.query('CREATE TABLE pgdrill_fence_probe ()');
  } catch (error) {
    return messageOf(error) || 'no answer';
  }
  throw new PgdrillError(
    'PGDRILL_FENCE_OPEN',
    `${node.name} accepted a write after it was fenced`,
    'look at what started PostgreSQL there',
  );
}

/** The segment before the one that the shutdown checkpoint begins is the last with commits: it has to be in the archive. */
async function archiveLastSegment({ run, cluster, plan }: Site, leader: PatroniNode): Promise<void> {
  const { stdout } = await leader.exec(['env', 'LC_ALL=C', 'pg_controldata', '-D', leader.dataDir]);
  const control = parseControlData(stdout);
  const last = segmentAt(parseLsn(control.checkpointLsn), plan.segmentSize) - 1n;
  const name = walNameFromNumber(control.timeline, last, plan.segmentSize);
  const { segments } = await archivedFiles(cluster.barman);
  if (!segments.includes(name)) await awaitArchived(run, cluster.barman, name);
}

import { archivedFiles, awaitArchived } from '../../backup/wal-archive';
import type { PatroniNode } from '../../cluster/patroni-node';
import { nowText } from '../../run/recorder';
import type { Site, StepAction } from '../site';

/**
 * A time target is reached only when a commit later than it exists in the archive: commits, switches, waits. Without a
 * leader there is nothing to archive; the plan's segments are then all there is. Every segment of the plan is seen in the
 * archive before anything is stopped: one that never arrives ends the recovery here, with the cluster as it was.
 */
export const archiveTail: StepAction = async (site) => {
  const { run, cluster, plan, result } = site;
  const leader = await cluster.findLeader();
  if (!leader) {
    result.begunAt ??= nowText();
    // What has arrived is moved into the archive; another archiver at work does the same.
    await cluster.barman.barman(['archive-wal', cluster.barman.server], { check: false });
    return 'no leader: the archive holds all that it will';
  }
  const segment = await finishSegment(site, leader);
  await awaitArchived(run, cluster.barman, segment);
  const { segments } = await archivedFiles(cluster.barman);
  const missing = plan.segments.filter((name) => !segments.includes(name));
  for (const name of missing) await awaitArchived(run, cluster.barman, name);
  return `Barman holds ${segment} and all before it that are needed`;
};

/** Commits something, and switches to a new segment. @returns the one that was finished */
async function finishSegment({ result }: Site, leader: PatroniNode): Promise<string> {
  return leader.use(async (client) => {
    const { rows } = await client.query<{ xid: string; now: string }>(
      `SELECT pg_current_xact_id()::text AS xid,
              to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' AS now`,
    );
    const { xid, now } = rows[0]!;
    result.begunAt ??= now;
    result.tailXids = [...(result.tailXids ?? []), xid];
    return (await client.query<{ name: string }>('SELECT pg_walfile_name(pg_switch_wal()) AS name')).rows[0]!.name;
  });
}

import { archivedFiles, awaitArchived, switchAndArchive } from '../../backup/wal-archive';
import type { StepAction } from '../site';

/**
 * A time target is reached only when a commit later than it exists in the archive: commits, switches, waits. Without a
 * leader there is nothing to archive; the plan's segments are then all there is. Every segment of the plan is seen in the
 * archive before anything is stopped: one that never arrives ends the recovery here, with the cluster as it was.
 */
export const archiveTail: StepAction = async ({ run, cluster, plan }) => {
  const leader = await cluster.findLeader();
  if (!leader) return 'no leader: the archive stays as it is';
  const segment = await switchAndArchive(run, cluster.barman, leader);
  const { segments } = await archivedFiles(cluster.barman);
  const missing = plan.segments.filter((name) => !segments.includes(name));
  for (const name of missing) await awaitArchived(run, cluster.barman, name);
  return `Barman holds ${segment} and all before it that are needed`;
};

import { switchAndArchive } from '../../backup/wal-archive';
import type { StepAction } from '../site';

/**
 * A time target is reached only when a commit later than it exists in the archive: commits, switches, waits. Without a
 * leader there is nothing to archive; the plan's segments are then all there is.
 */
export const archiveTail: StepAction = async ({ run, cluster }) => {
  const leader = await cluster.findLeader();
  if (!leader) return 'no leader: the archive stays as it is';
  const segment = await switchAndArchive(run, cluster.barman, leader);
  return `Barman holds ${segment}`;
};

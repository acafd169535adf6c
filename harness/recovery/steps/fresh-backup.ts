import { makeBackup } from '../../backup/base-backup';
import type { StepAction } from '../site';

/** A base backup on the new timeline: the next recovery does not have to cross the branch. */
export const freshBackup: StepAction = async ({ run, cluster, result }) => {
  const backup = await makeBackup(run, cluster);
  result.freshBackup = backup.id;
  return `${backup.id}, timeline ${backup.timeline}`;
};

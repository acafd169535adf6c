import { doneBackups, makeBackup } from '../../backup/base-backup';
import { dropBackups } from '../quarantine';
import type { Site, Step } from '../site';

/** A base backup on the new timeline: the next recovery does not have to cross the branch. */
export const freshBackup: Step = {
  do: backUp,
  async undo(site) {
    return (await dropBackups(site)).join('; ') || 'no backup of the given-up branch';
  },
};

async function backUp(site: Site): Promise<string> {
  const { run, cluster, result } = site;
  const backup = (await madeAlready(site)) ?? (await makeBackup(run, cluster));
  result.freshBackup = backup.id;
  return `${backup.id}, timeline ${backup.timeline}`;
}

/** One that an earlier try has finished, or whose process went on when that try was cut off. */
async function madeAlready({ cluster, plan, backup, result }: Site) {
  const since = result.newTimeline ?? plan.newTimeline;
  return (await doneBackups(cluster)).find(({ id, timeline }) => id > backup.id && timeline >= since);
}

import { mend } from '../../accidents/mend';
import { makeBackup } from '../../backup/base-backup';
import { receiveAgain } from '../../backup/receive-again';
import type { Cluster } from '../../cluster/cluster';
import { copyAnew } from '../../operations/copy-anew';
import { restartMember } from '../../operations/restart-member';
import { switchover } from '../../operations/switchover';
import type { BackupRef } from '../../record/backup-ref';
import { PgdrillError } from '../../record/errors';
import type { Run } from '../../run/run';
import type { Fault } from './fault';
import type { Asked } from './strike-and-ask';

/**
 * Undoes a fault, so that the next one meets a sound cluster.
 * @returns a base backup that was made anew
 * @throws what did not come about; the cluster is given up then
 */
export async function makeSound(
  run: Run,
  cluster: Cluster,
  { cure }: Fault,
  { node }: Asked,
): Promise<BackupRef | undefined> {
  const done = await mend(run, cluster);
  const failed = done.find(({ outcome }) => outcome === 'failed');
  if (failed) throw new PgdrillError('PGDRILL_NOT_MENDED', failed.found, 'look at the containers of the run');
  if (node && cure === 'restart') await restartMember(run, node);
  if (node && cure === 'copy') {
    if ((await cluster.leader()).name === node.name) await switchover(run, cluster);
    await copyAnew(run, cluster, node);
  }
  await cluster.awaitStreaming('members rejoined');
  if (cluster.barman.receivesWal) await receiveAgain(run, cluster);
  return cure === 'backup' ? makeBackup(run, cluster) : undefined;
}

import type { Cluster } from '../cluster/cluster';
import { PgdrillError } from '../record/errors';
import { listBackups } from './base-backup';
import { verifyBackup, type VerifiedBackup } from './verify-backup';

/**
 * The newest base backup whose files are as its manifest says, and the newer ones that are not. Barman's status is DONE for
 * these, too: `barman check-backup` looks at the WAL that a backup needs, not at its files.
 * @throws PGDRILL_BACKUP_UNKNOWN where none is sound
 */
export async function soundBackup(cluster: Cluster): Promise<{ id: string; damaged: VerifiedBackup[] }> {
  const done = (await listBackups(cluster)).filter(({ status }) => status === 'DONE');
  const newestFirst = done
    .map(({ id }) => id)
    .sort()
    .reverse();
  const damaged: VerifiedBackup[] = [];
  for (const id of newestFirst) {
    const verified = await verifyBackup(cluster.barman, id);
    if (verified.sound) return { id, damaged };
    damaged.push(verified);
  }
  const said = damaged.map(({ backup, problems }) => `${backup} (${problems[0] ?? 'no reason given'})`);
  throw new PgdrillError(
    'PGDRILL_BACKUP_UNKNOWN',
    `no base backup of ${cluster.barman.server} is as its manifest says: ${said.join(', ') || 'there is none'}`,
    'make a new one while the cluster still has its data',
  );
}

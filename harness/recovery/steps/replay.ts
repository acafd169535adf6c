import { completeWal } from '../../backup/complete-wal';
import type { PatroniNode } from '../../cluster/patroni-node';
import { PgdrillError } from '../../record/errors';
import type { Site, Step } from '../site';
import { awaitStop, startIsolated } from './isolated-server';
import { noteBranch } from './new-branch';
import { stopPostgres } from './stop-isolated';

/**
 * PostgreSQL started outside Patroni, replaying up to the target, where it promotes itself, or pauses to be looked at.
 * @throws PGDRILL_RECOVERY_FAILED with the server's own last words; PGDRILL_BACKUP_LABEL_LOST
 */
export const replay: Step = { do: replayToTarget, undo: stopPostgres };

async function replayToTarget(site: Site): Promise<string> {
  const { cluster, node, plan } = site;
  // A server that an earlier try has started fetches what it lacks.
  if (!(await node.hasPostmaster())) {
    await requireLabel(node);
    await completeWal(cluster, { node, segments: plan.segments, segmentSize: plan.segmentSize });
  }
  await startIsolated(site);
  if ((await awaitStop(site)) === 'promoted') return noteBranch(site);
  return `paused at ${await node.value('SELECT pg_last_wal_replay_lsn()')}, readable`;
}

/**
 * Without its label a restored backup starts all the same, from whatever checkpoint its control file was copied with: what
 * was written between the backup's begin and that one is missing, and nothing says so (PostgreSQL documentation, 26.3.3 "Making a Base
 * Backup Using the Low Level API"). A server that has been started has renamed it; no backup holds a postmaster.opts.
 */
async function requireLabel(node: PatroniNode): Promise<void> {
  const script = '[ -e "$1/backup_label" ] || [ -e "$1/postmaster.opts" ]';
  const { exitCode } = await node.exec(['sh', '-c', script, 'sh', node.dataDir], { check: false });
  if (exitCode === 0) return;
  throw new PgdrillError(
    'PGDRILL_BACKUP_LABEL_LOST',
    `${node.dataDir} on ${node.name} was restored from a base backup and has no backup_label: replay would begin at the wrong place`,
    'restore the backup once more, or put back the backup_label that it has in Barman; never start it as it is',
  );
}

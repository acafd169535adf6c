import { bytesOf, compareDigests, digestArchive, type ArchiveDigest } from '../../backup/archive-digest';
import { verifyBackup } from '../../backup/verify-backup';
import type { Cluster } from '../../cluster/cluster';
import { messageOf } from '../../record/errors';
import type { SourceArchive } from '../../record/evidence';
import type { Run } from '../../run/run';
import { throwIfInterrupted } from '../../run/until';

/** What an archive held at one moment, to be compared later. */
export interface NotedArchive {
  /** The backup whose files belong to it. */
  backup: string;
  digest: ArchiveDigest;
}

/**
 * Notes what the archive holds: sha256 of every archived segment and history file, and of the backup's manifest and
 * labels. Where it cannot be read, that is no end of the run: nothing is noted then, and the check says so.
 */
export async function noteArchive(run: Run, cluster: Cluster, backup: string): Promise<NotedArchive | undefined> {
  try {
    return { backup, digest: await digestArchive(cluster.barman, backup) };
  } catch (error) {
    throwIfInterrupted(run.signal);
    run.recorder.record({ kind: 'warning', text: `the archive could not be noted: ${messageOf(error)}` });
    return undefined;
  }
}

/** Whether the archive still holds what was noted, byte for byte. The data files of the backup are told by its manifest. */
export async function compareArchive(
  run: Run,
  cluster: Cluster,
  noted: NotedArchive | undefined,
): Promise<SourceArchive | undefined> {
  if (!noted) return undefined;
  const now = await noteArchive(run, cluster, noted.backup);
  if (!now) return undefined;
  return {
    files: noted.digest.size,
    bytes: String(bytesOf(noted.digest)),
    ...compareDigests(noted.digest, now.digest),
    data: await verifyBackup(cluster.barman, noted.backup),
  };
}

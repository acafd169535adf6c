import { doneBackup } from '../backup/base-backup';
import { damagedWal } from '../backup/verify-wal';
import type { Cluster } from '../cluster/cluster';
import { PgdrillError } from '../record/errors';
import type { PitrPlan } from '../record/recovery';
import type { Run } from '../run/run';

/**
 * Refuses a plan whose archived WAL does not verify before its target: replay would end there, with `latest` without a word. What
 * the archive does not hold yet is looked at by nobody.
 * @throws PGDRILL_WAL_DAMAGED naming the segment, and what would work
 */
export async function refuseDamaged(run: Run, cluster: Cluster, plan: PitrPlan): Promise<void> {
  const { target, segments, segmentSize } = plan;
  const stop =
    target.kind === 'immediate'
      ? { ...target, consistentLsn: (await doneBackup(cluster, plan.backup)).endLsn }
      : target;
  const found = await damagedWal(run, cluster.barman, segments, segmentSize, stop);
  if (!found) return;
  const before = found.lastLsn === undefined ? 'it' : `lsn:${found.lastLsn}`;
  throw new PgdrillError(
    'PGDRILL_WAL_DAMAGED',
    `${found.segment}, which the target needs, is damaged in the archive: ${found.reason}`,
    `put it back from a member that still has it in pg_wal, or choose a target before ${before}`,
  );
}

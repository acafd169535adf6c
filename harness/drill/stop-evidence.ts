import { observeBranch } from '../observe/collectors/branch-records';
import { observeMarks } from '../observe/collectors/marks';
import type { ArchiveEvidence, ClusterEvidence } from '../record/evidence';
import type { Play, Played } from './play';

/** Where the recovery left the parent's WAL, record by record, and which of the drill's marked rows came back. */
export async function stopEvidence(
  { cluster, backup }: Pick<Play, 'cluster' | 'backup'>,
  { incident, recovery }: Played,
  archive: Pick<ArchiveEvidence, 'histories' | 'segmentSize'>,
): Promise<Pick<ClusterEvidence, 'branchRecords' | 'marks'>> {
  const { plan } = recovery;
  // A server beside the cluster left its history there, too.
  const branchLsn = recovery.rescue?.aside.branchLsn ?? recovery.branchLsn;
  const marks = incident.marks === undefined ? undefined : await observeMarks(cluster, incident);
  const branchRecords =
    branchLsn === undefined || !plan
      ? undefined
      : await observeBranch(cluster.barman, {
          target: plan.target,
          targetTimeline: plan.targetTimeline,
          history: archive.histories[String(plan.targetTimeline)] ?? '',
          branchLsn,
          backup,
          segmentSize: archive.segmentSize,
        });
  return { ...(branchRecords ? { branchRecords } : {}), ...(marks ? { marks } : {}) };
}

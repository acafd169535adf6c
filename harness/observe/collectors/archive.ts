import { showBackup } from '../../backup/base-backup';
import { archivedFiles, archivedHistory, switchAndArchive } from '../../backup/wal-archive';
import type { Cluster } from '../../cluster/cluster';
import { parseTimelineHistory, segmentsNeeded } from '../../formats/timeline-history';
import { firstLsnOf, nextWalName, parseWalName } from '../../formats/wal-name';
import type { BackupRef } from '../../record/backup-ref';
import type { ArchiveEvidence } from '../../record/evidence';
import type { Run } from '../../run/run';
import { observeBarmanCheck } from './archive-check';
import { awaitDelivery } from './archive-delivery';
import { barmanFiles, partialSegments } from './archive-files';
import { observeSlot } from './archive-slot';
import { walkArchive } from './archive-walk';
import { compareArchive, type NotedArchive } from './source-archive';

export interface ArchiveQuestions {
  /** The backup that the recovery began from. */
  backup: BackupRef;
  /** Id of the backup that was made after it. */
  freshBackup: string | undefined;
  /** What the archive held before the accident. */
  noted: NotedArchive | undefined;
}

/**
 * The archive from the chosen backup to now: each segment on the timeline that owns it by history, walked with
 * pg_waldump; every history file; what is there in part only; the slot; `barman check` once it has come to rest; the fresh
 * backup; and whether what was there before the accident is still the same.
 */
export async function observeArchive(run: Run, cluster: Cluster, ask: ArchiveQuestions): Promise<ArchiveEvidence> {
  const { barman } = cluster;
  const leader = await cluster.leader();
  const segmentSize = await leader.segmentSize();
  const last = await switchAndArchive(run, barman, leader);
  const { timeline } = parseWalName(last);
  const history = parseTimelineHistory(timeline, await leader.history(timeline));
  await awaitDelivery(run, cluster, leader);
  const files = await archivedFiles(barman);
  const next = nextWalName(last, segmentSize);
  const toLsn = firstLsnOf(next, segmentSize);
  const needed = segmentsNeeded(history, ask.backup.beginLsn, toLsn, segmentSize);
  const passed = [...history.ancestors.map((row) => row.timeline), timeline].filter((id) => id > 1);
  const source = await compareArchive(run, cluster, ask.noted);
  return {
    server: barman.server,
    segmentSize,
    fromLsn: ask.backup.beginLsn,
    toLsn,
    segments: { needed: needed.length, ...(await walkArchive(run, barman, needed, segmentSize)) },
    histories: Object.fromEntries(
      await Promise.all(files.histories.map(async (id) => [String(id), await archivedHistory(barman, id)] as const)),
    ),
    missingHistories: passed.filter((id) => !files.histories.includes(id)),
    slot: await observeSlot(cluster, next, segmentSize),
    check: await observeBarmanCheck(run, cluster, segmentSize),
    ...(ask.freshBackup === undefined ? {} : { freshBackup: await showBackup(cluster, ask.freshBackup) }),
    ...(source ? { source } : {}),
    partial: partialSegments(await barmanFiles(barman)),
  };
}

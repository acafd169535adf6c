import { archivedRecordAt, archivedXlogRecords } from '../../backup/archived-records';
import { archivedFiles } from '../../backup/wal-archive';
import type { BarmanServer } from '../../cluster/barman-server';
import { compareLsn, formatLsn, parseLsn } from '../../formats/lsn';
import { parseTimelineHistory, segmentsNeeded, type TimelineHistory } from '../../formats/timeline-history';
import { firstLsnOf, nextWalName, parseWalName } from '../../formats/wal-name';
import { endsTransaction, restorePointName, type WalRecord } from '../../formats/waldump';
import type { BackupRef } from '../../record/backup-ref';
import type { BranchRecords, WalPlace } from '../../record/evidence';
import type { RecoveryTarget } from '../../record/recovery';

interface BranchQuestions {
  target: RecoveryTarget;
  targetTimeline: number;
  /** Text of the history file of the target's timeline; empty on timeline 1. */
  history: string;
  branchLsn: string;
  backup: BackupRef;
  segmentSize: number;
}

/**
 * The parent timeline's WAL on both sides of the branch, and where the restore points of the target's name lie, all read
 * from the archive: what the stop rule is held against, whatever the kind of target.
 */
export async function observeBranch(barman: BarmanServer, ask: BranchQuestions): Promise<BranchRecords> {
  const { segmentSize } = ask;
  const history = parseTimelineHistory(ask.targetTimeline, ask.history);
  // Right behind a switch the record before may lie in a segment of the ancestor.
  const at = (lsn: string) => {
    const [segment = ''] = segmentsNeeded(history, lsn, formatLsn(parseLsn(lsn) + 1n), segmentSize);
    return archivedRecordAt(barman, { timeline: parseWalName(segment).timeline, lsn, segmentSize });
  };
  const next = await at(ask.branchLsn);
  const last = next && (await at(next.prev));
  const points = ask.target.kind === 'name' ? await restorePoints(barman, ask, history, ask.target.name) : undefined;
  return {
    ...(last ? { last: placeOf(last) } : {}),
    ...(next ? { next: placeOf(next) } : {}),
    ...(points ? { restorePoints: points } : {}),
  };
}

/**
 * Recovery reads from the backup's begin on, so a restore point from before it is not met.
 * @returns undefined when the way to the target is not whole in the archive: an earlier one could be missed
 */
async function restorePoints(
  barman: BarmanServer,
  ask: BranchQuestions,
  history: TimelineHistory,
  name: string,
): Promise<string[] | undefined> {
  const held = new Set((await archivedFiles(barman)).segments);
  const newest = [...held].filter((segment) => parseWalName(segment).timeline === ask.targetTimeline).at(-1);
  if (newest === undefined) return undefined;
  const end = firstLsnOf(nextWalName(newest, ask.segmentSize), ask.segmentSize);
  const segments = segmentsNeeded(history, ask.backup.beginLsn, end, ask.segmentSize);
  if (segments.some((segment) => !held.has(segment))) return undefined;
  const records = await archivedXlogRecords(barman, segments, ['RESTORE_POINT']);
  return records
    ?.filter((record) => restorePointName(record) === name && compareLsn(record.lsn, ask.backup.beginLsn) >= 0)
    .map((record) => record.lsn);
}

/** A record as it is kept in evidence. */
function placeOf(record: WalRecord): WalPlace {
  const about = record.operation === 'BACKUP_END' ? record.detail.trim() : restorePointName(record);
  return {
    lsn: record.lsn,
    prev: record.prev,
    rmgr: record.rmgr,
    operation: record.operation,
    ...(endsTransaction(record) ? { xid: record.transaction!.xid } : {}),
    ...(about ? { about } : {}),
  };
}

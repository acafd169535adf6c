import { endedWell, walkWal } from '../../backup/wal-walk';
import type { PatroniNode } from '../../cluster/patroni-node';
import { compareLsn, parseLsn } from '../../formats/lsn';
import { NumberSet } from '../../formats/number-set';
import { parseTimelineHistory, timelineOwning } from '../../formats/timeline-history';
import { segmentNumber } from '../../formats/wal-name';
import { endsTransaction, type WalRecord } from '../../formats/waldump';
import type { BackupRef } from '../../record/backup-ref';
import type { WaitContext } from '../../run/until';
import { Recent } from './recent';
import { walPath } from '../../formats/wal-path';

/** What was committed from the ledger's begin to the backup's: Barman keeps no WAL from before its first backup. */
export interface EarlyWal {
  /** Transaction ids of the commits, by timeline. */
  commits: Map<number, NumberSet>;
  /** The last ends of transactions before the backup, oldest first. */
  recent: WalRecord[];
  /** Whether all of it could be read. */
  whole: boolean;
}

/**
 * Reads it from the leader's own pg_wal, while it is still there. Up to the end of the backup's first segment, so that a
 * record on its border is not missed; the archive begins with that segment.
 * @param fromLsn where the ledger began
 */
export async function readEarlyWal(
  context: WaitContext,
  leader: PatroniNode,
  fromLsn: string,
  backup: BackupRef,
): Promise<EarlyWal> {
  const segmentSize = await leader.segmentSize();
  const history = parseTimelineHistory(backup.timeline, await leader.history(backup.timeline));
  const folder = `${leader.dataDir}/pg_wal`;
  // With a slash at its end: pg_wal may be a link.
  const { stdout } = await leader.exec(['find', `${folder}/`, '-maxdepth', '1', '-type', 'f', '-printf', '%f\\n']);
  const last = segmentNumber(backup.beginWal, segmentSize);
  const path = walPath(history, stdout.split('\n'), fromLsn, segmentSize);
  // Files of later numbers may be old ones that wait to be used again.
  const segments = path.segments.filter(({ name }) => segmentNumber(name, segmentSize) <= last);
  const commits = new Map<number, NumberSet>();
  const recent = new Recent<WalRecord>(1024);
  const end = await walkWal(
    context,
    leader.container,
    segments.map(({ name, file }) => ({ name, file: `${folder}/${file}` })),
    { user: 'postgres' },
    (record) => {
      if (!endsTransaction(record) || compareLsn(record.lsn, fromLsn) < 0) return;
      if (compareLsn(record.lsn, backup.beginLsn) < 0) recent.add(record);
      if (!record.transaction!.action.startsWith('COMMIT')) return;
      const timeline = timelineOwning(history, record.lsn);
      const known = commits.get(timeline) ?? new NumberSet();
      commits.set(timeline, known);
      known.add(Number(record.transaction!.xid));
    },
  );
  const reached = path.until >= parseLsn(backup.beginLsn);
  return { commits, recent: recent.items, whole: reached && endedWell(end) };
}

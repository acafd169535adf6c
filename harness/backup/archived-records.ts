import type { BarmanServer } from '../cluster/barman-server';
import { formatLsn, parseLsn } from '../formats/lsn';
import { segmentsBetween, walNameOf } from '../formats/wal-name';
import { parseEndOfWal } from '../formats/waldump-end';
import { parseWaldump, type WalRecord } from '../formats/waldump';
import type { BackupRef } from '../record/backup-ref';

/** A place in the WAL archive. */
interface ArchivedPlace {
  timeline: number;
  lsn: string;
  /** bytes */
  segmentSize: number;
}

/**
 * The first record that starts at a place of an archived timeline or after it, of any kind. An LSN where a page ends is
 * followed by the record behind the next page's header.
 * @returns undefined when the archive has no such record: the timeline ends there, or the segment is not held
 */
export async function archivedRecordAt(barman: BarmanServer, place: ArchivedPlace): Promise<WalRecord | undefined> {
  const folder = `${barman.home}/wals/${walNameOf(place.timeline, place.lsn, place.segmentSize).slice(0, 16)}`;
  const range = ['-p', folder, '-t', String(place.timeline), '-s', place.lsn, '-n', '1'];
  const { stdout } = await barman.exec(['env', 'TZ=UTC', 'LC_ALL=C', barman.program('pg_waldump'), ...range], {
    user: barman.user,
    check: false,
  });
  return parseWaldump(stdout)[0];
}

/**
 * The XLOG records of some kinds in archived segments, in WAL order: where backups ended, where restore points lie.
 * @param segments consecutive within each folder of the archive, any timelines
 * @param operations RESTORE_POINT, BACKUP_END …
 * @returns undefined when the segments cannot be read to their end: a record could be missed in silence
 */
export async function archivedXlogRecords(
  barman: BarmanServer,
  segments: readonly string[],
  operations: readonly string[],
): Promise<WalRecord[] | undefined> {
  const records: WalRecord[] = [];
  for (const folder of new Set(segments.map((segment) => segment.slice(0, 16)))) {
    const own = segments.filter((segment) => segment.startsWith(folder));
    const { stdout, stderr } = await barman.exec(
      [
        ...[
          'env',
          'TZ=UTC',
          'LC_ALL=C',
          barman.program('pg_waldump'),
          '--rmgr=XLOG',
          '-p',
          `${barman.home}/wals/${folder}`,
        ],
        ...[own[0]!, own.at(-1)!],
      ],
      { user: barman.user, check: false, deadline: 'archive checked' },
    );
    const end = parseEndOfWal(stderr);
    if (end && !(end.kind === 'bad-record' && end.unwritten)) return undefined;
    records.push(...parseWaldump(stdout).filter((record) => operations.includes(record.operation)));
  }
  return records;
}

/**
 * Where a base backup of a leader is consistent: past the BACKUP_END record that names its begin. Barman's own end is
 * later, where WAL stood once everything was copied, and commits lie between.
 * @param segmentSize bytes
 * @returns an LSN within that record's last byte or its padding; undefined when the archive does not have it, as for the
 * backup of a standby
 */
export async function consistentLsnOf(
  barman: BarmanServer,
  backup: BackupRef,
  segmentSize: number,
): Promise<string | undefined> {
  const segments = segmentsBetween(backup.timeline, backup.beginLsn, backup.endLsn, segmentSize);
  const ends = await archivedXlogRecords(barman, segments, ['BACKUP_END']);
  const own = ends?.find((record) => parseLsn(record.detail.trim()) === parseLsn(backup.beginLsn));
  return own && formatLsn(parseLsn(own.lsn) + BigInt(own.totalLength));
}

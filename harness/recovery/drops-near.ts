import type { PatroniNode } from '../cluster/patroni-node';
import { databaseDrops } from '../formats/database-drop';
import { compareLsn } from '../formats/lsn';
import { utcTime } from '../formats/timestamptz';
import { commitOf, endsTransaction, parseWaldump, type WalRecord } from '../formats/waldump';
import { nextWalName, walNameOf } from '../formats/wal-name';
import type { RecoveryTarget } from '../record/recovery';
import type { DroppedDatabase } from './plan/facts';

/** A DROP DATABASE and its commit lie in one segment or in two that follow on each other. */
const SEGMENTS = 2;

/**
 * Databases that were dropped around a target, as far as the leader's pg_wal still has it; nothing for a target that is
 * neither a time nor an LSN. Only where there is one, the commits around it are read too.
 * @param segmentSize bytes
 */
export async function dropsNear(
  leader: PatroniNode,
  timeline: number,
  segmentSize: number,
  target: RecoveryTarget,
): Promise<DroppedDatabase[]> {
  if (target.kind !== 'time' && target.kind !== 'lsn') return [];
  const prefix = timeline.toString(16).toUpperCase().padStart(8, '0');
  // A segment is written after every commit in it: the first files newer than a moment are the ones to look into. Of an
  // LSN the segment before it too, where the drop may be, and the next, where its commit may be.
  const files =
    target.kind === 'time'
      ? `find . -maxdepth 1 -regex './${prefix}[0-9A-F]*' -newermt '${utcTime(target.time).replace('+00', ' UTC')}' -printf '%f\\n' | sort | head -${SEGMENTS}`
      : `find . -maxdepth 1 -regex './${prefix}[0-9A-F]*' -printf '%f\\n' | sort | awk '$0 <= "${nextWalName(walNameOf(timeline, target.lsn, segmentSize), segmentSize)}"' | tail -${SEGMENTS + 1}`;
  const script = [
    `cd ${leader.dataDir}/pg_wal`,
    `set -- $(${files})`,
    'test $# -gt 0 || exit 0',
    'for last; do :; done',
    `${leader.binDir}/pg_waldump --rmgr=Database -p . "$1" "$last" 2>/dev/null | grep -qF "desc: DROP " || exit 0`,
    // 1664 is pg_global, where pg_database is.
    `${leader.binDir}/pg_waldump --rmgr=Heap --rmgr=Database -p . "$1" "$last" 2>/dev/null | grep -E '^rmgr: Database| rel 1664/' | cut -c1-300`,
    `${leader.binDir}/pg_waldump --rmgr=Transaction -p . "$1" "$last" 2>/dev/null | cut -c1-300`,
  ].join('\n');
  const { stdout } = await leader.exec(['env', 'TZ=UTC', 'LC_ALL=C', 'sh', '-c', script], {
    user: leader.osUser,
    check: false,
  });
  return dropsIn(parseWaldump(stdout));
}

/** Dropped databases among WAL records, each with its commit; one whose commit is not among them is left out. */
export function dropsIn(records: readonly WalRecord[]): DroppedDatabase[] {
  const ends = records.filter(endsTransaction).map(commitOf);
  return databaseDrops(records).flatMap(({ begin, lsn, xid }) => {
    const end = ends.find((one) => one.xid === xid && compareLsn(one.lsn, lsn) > 0);
    const before = ends
      .filter((one) => compareLsn(one.lsn, begin) < 0)
      .sort((a, b) => (a.time < b.time ? -1 : 1))
      .at(-1);
    return end ? [{ begin, end, ...(before ? { before } : {}) }] : [];
  });
}

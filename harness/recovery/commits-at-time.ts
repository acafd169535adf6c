import type { PatroniNode } from '../cluster/patroni-node';
import { utcTime } from '../formats/timestamptz';
import { commitOf, endsTransaction, parseWaldump } from '../formats/waldump';
import type { WalCommit } from '../record/ledger';

/** Segments that may hold a moment's commits: the one with its record, and the one before if both were written at once. */
const SEGMENTS = 2;

/**
 * Commits and aborts of one microsecond, as far as the leader's pg_wal still has them, in WAL order. A segment is written
 * after every commit in it, so the first files that are newer than the moment are the ones to look into.
 * @param time with its zone
 */
export async function commitsAtTime(leader: PatroniNode, timeline: number, time: string): Promise<WalCommit[]> {
  const moment = utcTime(time).replace('+00', ' UTC');
  const prefix = timeline.toString(16).toUpperCase().padStart(8, '0');
  const script = [
    `cd ${leader.dataDir}/pg_wal`,
    `set -- $(find . -maxdepth 1 -regex './${prefix}[0-9A-F]*' -newermt '${moment}' -printf '%f\\n' | sort | head -${SEGMENTS})`,
    'test $# -gt 0 || exit 0',
    `for last; do :; done; ${leader.binDir}/pg_waldump --rmgr=Transaction -p . "$1" "$last" 2>/dev/null | grep -F '${moment}' | head -1000`,
  ].join('\n');
  const { stdout } = await leader.exec(['env', 'TZ=UTC', 'LC_ALL=C', 'sh', '-c', script], {
    user: leader.osUser,
    check: false,
  });
  return parseWaldump(stdout).filter(endsTransaction).map(commitOf);
}

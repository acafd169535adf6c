import { endedWell, walkWal } from '../../backup/wal-walk';
import type { PatroniNode } from '../../cluster/patroni-node';
import { compareLsn, formatLsn, parseLsn } from '../../formats/lsn';
import type { TimelineHistory } from '../../formats/timeline-history';
import { segmentsBetween } from '../../formats/wal-name';
import { restorePointName, type WalRecord } from '../../formats/waldump';
import { walPath } from '../../formats/wal-path';
import type { WaitContext } from '../../run/until';
import type { PitrFacts } from '../plan/facts';
import { memberWal, type WalFiles } from './known-wal';

/** Up to how many segments are read: what is more has to wait for the recovery itself to tell. */
const MOST = 256;

/**
 * Where the restore points of a name lie on the way of a history, as Barman holds it, and what of it only the leader has
 * yet.
 * @param fromLsn begin of the oldest backup that the target may be reached from
 */
export async function restorePointsNamed(
  context: WaitContext,
  name: string,
  way: { files: WalFiles; history: TimelineHistory; fromLsn: string; segmentSize: number },
  leader?: { node: PatroniNode; currentLsn: string },
): Promise<NonNullable<PitrFacts['restorePoints']>> {
  const { files, history, fromLsn, segmentSize } = way;
  const lsns: string[] = [];
  const note = (record: WalRecord) => {
    if (restorePointName(record) === name && !lsns.includes(record.lsn)) lsns.push(record.lsn);
  };
  const rmgrs = ['XLOG'];
  const path = walPath(history, [...files.paths.keys()], fromLsn, segmentSize);
  const archived = path.segments.slice(0, MOST).map((one) => ({ name: one.name, file: files.paths.get(one.file)! }));
  const end = await walkWal(context, files.container, archived, { user: files.user, rmgrs }, note);
  const all = archived.length > 0 && archived.length === path.segments.length;
  if (!leader) return { lsns: lsns.sort(compareLsn), whole: all && endedWell(end) };
  // The segment that the leader is at, and the one before: of what was streamed, the last may still be on its way.
  const own = await memberWal(leader.node);
  const from = path.until > BigInt(segmentSize) ? path.until - BigInt(segmentSize) : 0n;
  const upTo = formatLsn(parseLsn(leader.currentLsn) + 1n);
  const wanted = segmentsBetween(history.timeline, formatLsn(from), upTo, segmentSize);
  const walked = wanted.flatMap((one) => (own.paths.has(one) ? [{ name: one, file: own.paths.get(one)! }] : []));
  await walkWal(context, own.container, walked, { user: own.user, rmgrs }, note);
  return { lsns: lsns.sort(compareLsn), whole: all && walked.length === wanted.length };
}

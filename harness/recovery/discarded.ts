import { archivedFiles, archivedHistory } from '../backup/wal-archive';
import { parseLsn } from '../formats/lsn';
import { parseTimelineHistory } from '../formats/timeline-history';
import { parseWalName, segmentAt, segmentNumber } from '../formats/wal-name';
import { parseEndOfWal } from '../formats/waldump-end';
import type { RecoveryResult } from '../record/recovery';
import { discardedRanges, type WalRange } from './plan/discarded-ranges';
import type { Site } from './site';

/**
 * Counts in pg_waldump's lines: commits from a place on, parted by the time in their record. `from` and `to` are LSNs as 16
 * characters, so that they compare as text; times are of one form and zone. mawk knows neither intervals nor hexadecimal.
 */
const counting = `
function place(lsn,  slash) { slash = index(lsn, "/"); return sprintf("%8s%8s", substr(lsn, 1, slash - 1), substr(lsn, slash + 1)) }
BEGIN { split(own, list, ","); for (i in list) ours[list[i]] = 1 }
/desc: COMMIT/ {
  lsn = $0; sub(/.*lsn: /, "", lsn); sub(/,.*/, "", lsn)
  at = place(lsn)
  if (at < from || (to != "" && at >= to)) next
  xid = $0; sub(/.*tx: */, "", xid); sub(/,.*/, "", xid)
  if (xid in ours) next
  time = $0; sub(/.*desc: COMMIT[^ ]* ([0-9]+: )?/, "", time); time = substr(time, 1, 26)
  if (time > begun) during++; else before++
}
END { print before + 0, during + 0 }`;

/**
 * How many transactions committed on the history that the recovery leaves, after the place where it left it: until it began
 * (with the fence before all else, until the fence was proven), and since then. Read from the archive once all of it is there; the recovery's own commits are not counted.
 * @returns undefined where the archive does not have all of it, or not readable
 */
export async function countDiscarded(site: Site): Promise<RecoveryResult['discarded']> {
  const { cluster, node, plan, result } = site;
  const { newTimeline } = result;
  if (newTimeline === undefined || begunOf(result, plan) === undefined || plan.clusterTimeline === undefined)
    return undefined;
  const kept = parseTimelineHistory(newTimeline, await node.history(newTimeline));
  const left = plan.clusterTimeline;
  const text = left === 1 ? '' : await archivedHistory(cluster.barman, left);
  const sum = { before: 0, during: 0 };
  const { segments } = await archivedFiles(cluster.barman);
  for (const range of discardedRanges(parseTimelineHistory(left, text), kept)) {
    const found = await countIn(site, range, segments);
    if (!found) return undefined;
    sum.before += found.before;
    sum.during += found.during;
  }
  return sum;
}

/** From when on a commit that is left out was made while the recovery went on. */
function begunOf({ begunAt, fencedAt }: Site['result'], { fence }: Site['plan']): string | undefined {
  return fence === 'now' ? fencedAt : begunAt;
}

/** Counts in one timeline's archived segments, folder by folder: pg_waldump reads one at a time. */
async function countIn(
  { cluster, plan, result }: Site,
  range: WalRange,
  held: readonly string[],
): Promise<RecoveryResult['discarded']> {
  const { barman } = cluster;
  const number = (lsn: string) => segmentAt(parseLsn(lsn), plan.segmentSize);
  const segments = held.filter((name) => {
    const at = segmentNumber(name, plan.segmentSize);
    const inside = at >= number(range.from) && (range.to === undefined || at <= number(range.to));
    return parseWalName(name).timeline === range.timeline && inside;
  });
  const sum = { before: 0, during: 0 };
  for (const folder of new Set(segments.map((name) => name.slice(0, 16)))) {
    const own = segments.filter((name) => name.startsWith(folder));
    const dump = [barman.program('pg_waldump'), '--rmgr=Transaction', '-p', `${barman.home}/wals/${folder}`];
    const variables = {
      from: comparable(range.from),
      to: range.to === undefined ? '' : comparable(range.to),
      begun: (begunOf(result, plan) ?? '').slice(0, 26),
      own: (result.tailXids ?? []).join(','),
    };
    const given = Object.entries(variables).flatMap(([name, value]) => ['-v', `${name}=${value}`]);
    const { stdout, stderr } = await barman.exec(
      [
        ...['env', 'TZ=UTC', 'LC_ALL=C', 'bash', '-c', `n=$1; shift; "\${@:$((n + 1))}" | awk "\${@:1:n}"`, 'bash'],
        ...[String(given.length + 1), ...given, counting, ...dump, own[0]!, own.at(-1)!],
      ],
      { user: barman.user, check: false, deadline: 'archive read' },
    );
    const end = parseEndOfWal(stderr);
    const [before, during] = stdout.trim().split(' ').map(Number);
    if ((end && !(end.kind === 'bad-record' && end.unwritten)) || before === undefined || during === undefined) {
      return undefined;
    }
    sum.before += before;
    sum.during += during;
  }
  return sum;
}

/** An LSN as pg_waldump's are compared: eight characters each, the lower half with its zeros. */
function comparable(lsn: string): string {
  const [high = '', low = ''] = lsn.split('/');
  return high.padStart(8, ' ') + low.padStart(8, '0');
}

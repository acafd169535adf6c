import type { PatroniNode } from '../../cluster/patroni-node';
import { microsTime, utcTime } from '../../formats/timestamptz';
import { commitOf, parseWaldump } from '../../formats/waldump';
import type { ClockBack } from '../plan/facts';

/** How many segments from the target on are looked at. */
const SEGMENTS = 8;

/** µs: commits of concurrent clients overtake each other by less than that, and nobody would call it a clock set back. */
const NOTICED = 1_000_000n;

/**
 * Whether commits behind the place at which replay to a time stops bear times that are not later than it: a clock was set
 * back, and they are left out although their times say otherwise. Read on the leader, as far as its pg_wal still has it;
 * across a failover the planner compares the target with the last commit of the timeline before.
 * @param time with its zone
 */
export async function clockBackAt(leader: PatroniNode, timeline: number, time: string): Promise<ClockBack | undefined> {
  const moment = utcTime(time).replace('+00', ' UTC');
  const prefix = timeline.toString(16).toUpperCase().padStart(8, '0');
  const script = [
    `cd ${leader.dataDir}/pg_wal && PATH=${leader.binDir}:$PATH`,
    `set -- $(find . -maxdepth 1 -regex './${prefix}[0-9A-F]*' -newermt '${moment}' -printf '%f\\n' | sort | head -${SEGMENTS})`,
    'test $# -gt 0 || exit 0',
    'for last; do :; done',
    // The first that is later, the last behind it that is not, and how many of those. As text: all are in UTC.
    `pg_waldump --rmgr=Transaction -p . "$1" "$last" 2>/dev/null | awk -v at='${moment}' '
      !/desc: (COMMIT|ABORT)/ { next }
      !match($0, /[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9:.]+ UTC/) { next }
      { t = substr($0, RSTART, RLENGTH) }
      first == "" { if (t > at) first = $0; next }
      t <= at { behind++; latest = $0 }
      END { if (behind) { print first; print latest; print "behind " behind } }' | cut -c1-300`,
  ].join('\n');
  const { stdout } = await leader.exec(['env', 'TZ=UTC', 'LC_ALL=C', 'sh', '-c', script], {
    user: leader.osUser,
    check: false,
  });
  const [stop, last] = parseWaldump(stdout).map(commitOf);
  const behind = Number(/^behind (\d+)$/m.exec(stdout)?.[1] ?? 0);
  if (!stop || !last || microsTime(stop.time) - microsTime(last.time) <= NOTICED) return undefined;
  return { stop, behind, last };
}

import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import type { WrittenTarget } from '../../formats/target-text';
import { microsTime, utcTime } from '../../formats/timestamptz';
import { PgdrillError } from '../../record/errors';
import type { RecoveryTarget } from '../../record/recovery';
import { sourceZone } from './source-zone';
import { momentsByServer, momentsByTable, type ZoneMoments } from './zone-moments';

/** A target as the planner takes it, and what people are told of how it was read. */
export interface ReadTarget {
  target: RecoveryTarget;
  /** `as written: 2026-01-23 12:30:00 in Asia/Bangkok, the TimeZone of db1`; absent where nothing had to be read into it. */
  reading?: string;
}

/**
 * The target as the planner takes it: a time becomes a moment in UTC. One without a zone is read in the source cluster's
 * own `TimeZone`, asked of a member that runs, else of its configuration; never in the zone of this machine.
 * @param typed as the person wrote it
 * @throws PGDRILL_TARGET_INVALID, PGDRILL_TARGET_AMBIGUOUS, PGDRILL_ZONE_UNKNOWN
 */
export async function readTarget(
  cluster: Cluster,
  written: WrittenTarget,
  inclusive: boolean,
  typed: string,
): Promise<ReadTarget> {
  switch (written.kind) {
    case 'lsn':
    case 'xid':
      return { target: { ...written, inclusive } };
    case 'time':
      break;
    default:
      return { target: written };
  }
  const { clock, zone } = written;
  const time = (moment: string): RecoveryTarget => ({ kind: 'time', time: utcTime(moment), inclusive });
  if (zone && 'offset' in zone) {
    const target = time(`${clock}${zone.offset}`);
    return { target, ...(zone.offset === '+00:00' ? {} : { reading: `as written: ${typed}` }) };
  }
  const server = await answering(cluster);
  const { name, from } = zone ? { name: zone.name, from: undefined } : await sourceZone(cluster, server);
  const found = await momentsIn(server, clock, name);
  const reading = `as written: ${clock.replace(/\.?0+$/, '')} in ${name}${from === undefined ? '' : `, ${from}`}`;
  return { target: time(oneMoment(clock, name, found)), reading };
}

/** The one moment, or why there is none or which two there are. Pure. */
export function oneMoment(clock: string, zone: string, { moments, around }: ZoneMoments): string {
  const [first, second] = moments;
  if (first !== undefined && second === undefined) return first;
  const ways = (first === undefined ? around : moments).map((moment) => `'${clock}${distance(clock, moment)}'`);
  if (first === undefined) {
    throw new PgdrillError(
      'PGDRILL_TARGET_INVALID',
      `no clock in ${zone} ever showed ${clock}: they were put forward over it`,
      `write the time with its distance from UTC: ${ways.join(' or ')}`,
    );
  }
  throw new PgdrillError(
    'PGDRILL_TARGET_AMBIGUOUS',
    `clocks in ${zone} showed ${clock} twice, at ${moments.join(' and at ')}: they were put back over it`,
    `write which of the two is meant: ${ways.join(' or ')}`,
  );
}

/** `+02:00`: how far a clock that shows this at that moment is ahead of UTC. */
function distance(clock: string, moment: string): string {
  const seconds = Number((microsTime(`${clock}+00`) - microsTime(moment)) / 1_000_000n);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const size = Math.abs(seconds);
  const rest = size % 60;
  return `${seconds < 0 ? '-' : '+'}${two(size / 3600)}:${two((size / 60) % 60)}${rest === 0 ? '' : `:${two(rest)}`}`;
}

/** A member whose PostgreSQL answers, the leader first. */
async function answering(cluster: Cluster): Promise<PatroniNode | undefined> {
  const leader = await cluster.findLeader();
  for (const node of [...(leader ? [leader] : []), ...cluster.nodes]) {
    if ((await node.inRecovery()) !== undefined) return node;
  }
  return undefined;
}

async function momentsIn(server: PatroniNode | undefined, clock: string, zone: string): Promise<ZoneMoments> {
  try {
    return server ? await momentsByServer(server, clock, zone) : momentsByTable(clock, zone);
  } catch (cause) {
    const unknown = cause instanceof RangeError || (cause as { code?: unknown } | null)?.code === '22023';
    if (!unknown) throw cause;
    throw new PgdrillError(
      'PGDRILL_TARGET_INVALID',
      `${server ? `PostgreSQL on ${server.name}` : 'this machine'} knows no time zone "${zone}"`,
      'write the distance from UTC, such as +07:00, or a name of pg_timezone_names, such as Asia/Bangkok',
      { cause },
    );
  }
}

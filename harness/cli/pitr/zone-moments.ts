import type { PatroniNode } from '../../cluster/patroni-node';
import { formatMicros, microsTime } from '../../formats/timestamptz';

/**
 * The moments at which clocks of a zone show a time: one as a rule, none where they are put forward over it, two where
 * they are put back over it. `around` are the moments by the distances from UTC before and after: what a person may have
 * meant where there is none.
 */
export interface ZoneMoments {
  /** With six digits, in UTC, in order. */
  moments: string[];
  around: string[];
}

/**
 * Asks a PostgreSQL server, whose zones are the ones that count.
 * @param clock `YYYY-MM-DD HH:MM:SS.ffffff`
 * @param zone a name that the server knows
 * @throws what pg throws: SQLSTATE 22023 for a zone that the server does not know
 */
export async function momentsByServer(
  node: Pick<PatroniNode, 'query'>,
  clock: string,
  zone: string,
): Promise<ZoneMoments> {
  const rows = await node.query<{ moment: string; valid: boolean }>(
    `WITH near AS (SELECT $1::timestamp AS clock, ($1::timestamp + day) AT TIME ZONE 'UTC' AS moment
                     FROM unnest(ARRAY[interval '-1 day', interval '1 day']) AS day),
          distances AS (SELECT DISTINCT clock, moment AT TIME ZONE $2::text - moment AT TIME ZONE 'UTC' AS distance FROM near)
     SELECT to_char(clock - distance, 'YYYY-MM-DD HH24:MI:SS.US') || '+00' AS moment,
            (clock - distance) AT TIME ZONE 'UTC' AT TIME ZONE $2::text = clock AS valid
       FROM distances ORDER BY 1`,
    [clock, zone],
  );
  return { moments: rows.filter((row) => row.valid).map((row) => row.moment), around: rows.map((row) => row.moment) };
}

/**
 * The same by this machine's table of zones, for where no server runs.
 * @throws RangeError for a zone that it does not know
 */
export function momentsByTable(clock: string, zone: string): ZoneMoments {
  const asUtc = microsTime(`${clock}+00`);
  const day = 86_400_000_000n;
  const distances = new Set([asUtc - day, asUtc + day].map((near) => distanceAt(near, zone)));
  const around = [...distances].map((distance) => asUtc - distance).sort((a, b) => (a < b ? -1 : 1));
  return {
    moments: around.filter((moment) => moment + distanceAt(moment, zone) === asUtc).map(formatMicros),
    around: around.map(formatMicros),
  };
}

/** How far a zone's clocks are ahead of UTC at a moment; both in microseconds. */
function distanceAt(moment: bigint, zone: string): bigint {
  const seconds = moment / 1_000_000n - (moment % 1_000_000n < 0n ? 1n : 0n);
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const part = Object.fromEntries(format.formatToParts(Number(seconds) * 1000).map(({ type, value }) => [type, value]));
  const { year = '', month, day, hour, minute, second } = part;
  const shown = microsTime(`${year.padStart(4, '0')}-${month}-${day} ${hour}:${minute}:${second}+00`);
  return shown - seconds * 1_000_000n;
}

import type { Client } from 'pg';
import type { Moment } from '../record/incident';

/** A timestamptz as text in UTC with microseconds, whatever the session's settings. */
export const utcMicros = (expression: string): string =>
  `to_char((${expression}) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'`;

/**
 * This moment on the leader in the three ways a recovery target can name it. The LSN is where the next record will
 * begin; the xid is the first that is not assigned yet (PostgreSQL documentation, "System Administration Functions",
 * 9.27.3, and "pg_current_snapshot", 9.26.8).
 */
export async function captureMoment(client: Client): Promise<Moment> {
  const { rows } = await client.query<{ time: string; lsn: string; xid: string; wal: string }>(
    `SELECT ${utcMicros('clock_timestamp()')} AS time, pg_current_wal_insert_lsn()::text AS lsn,
            pg_snapshot_xmax(pg_current_snapshot())::text AS xid, pg_walfile_name(pg_current_wal_insert_lsn()) AS wal`,
  );
  const { time, lsn, xid, wal } = rows[0]!;
  return { time, lsn, xid, timeline: Number.parseInt(wal.slice(0, 8), 16) };
}

import type { Client } from 'pg';
import type { PatroniNode } from '../cluster/patroni-node';
import { markTable, type Mark } from '../record/incident';
import { PgdrillError } from '../record/errors';
import type { Operation } from './operation';
import { ownCommits } from './own-commits';

/**
 * Commits one row of the drill's own on the leader and notes its commit record, so that a target can name it:
 * `atXid(mark('kept'))`. After the recovery it must be on every member if, by the order of the WAL, it lies before the
 * boundary, and on none if not.
 * @param name unique within the drill
 */
export function commitMark(name: string): Operation {
  return async ({ cluster }) => {
    const leader = await cluster.leader();
    const { from, xid, timeline } = await leader.use(async (client) => {
      await makeMarkTable(client);
      const place = await writePlace(client);
      await client.query('BEGIN');
      await client.query(`INSERT INTO ${markTable.table} (id) VALUES ($1)`, [name]);
      const { rows } = await client.query<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid');
      await client.query('COMMIT');
      return { ...place, xid: rows[0]!.xid };
    }, markTable.database);
    const [commit] = await ownCommits(leader, from, { timeline, xid: String(BigInt.asUintN(32, BigInt(xid))) });
    if (!commit) throw noCommitRecord(leader, `the commit of mark "${name}", transaction ${xid}`);
    const mark: Mark = { name, row: name, lsn: commit.lsn, xid, time: commit.time };
    return { marks: [mark] };
  };
}

/** The table of marks, where it is not there yet. */
export async function makeMarkTable(client: Client): Promise<void> {
  await client.query(`CREATE TABLE IF NOT EXISTS ${markTable.table} (id text PRIMARY KEY)`);
}

/** Where the next record goes on this leader. */
export async function writePlace(client: Client): Promise<{ from: string; timeline: number }> {
  const { rows } = await client.query<{ lsn: string; wal: string }>(
    'SELECT pg_current_wal_insert_lsn()::text AS lsn, pg_walfile_name(pg_current_wal_insert_lsn()) AS wal',
  );
  return { from: rows[0]!.lsn, timeline: Number.parseInt(rows[0]!.wal.slice(0, 8), 16) };
}

/** What a leader's WAL should hold and does not. */
export function noCommitRecord(leader: PatroniNode, what: string): PgdrillError {
  return new PgdrillError(
    'PGDRILL_COMMIT_NOT_FOUND',
    `${what} was not found in the WAL of ${leader.name}`,
    'look whether pg_waldump works there, and whether a checkpoint has recycled the segment',
  );
}

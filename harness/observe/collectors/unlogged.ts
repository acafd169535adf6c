import { escapeIdentifier, type Client } from 'pg';
import type { Content } from '../../record/fingerprint';

type Unlogged = NonNullable<Content['unlogged']>;

const UNLOGGED = `
  SELECT n.nspname AS schema, c.relname AS name, c.relkind = 'S' AS sequence, pg_is_in_recovery() AS standby
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'S') AND c.relpersistence = 'u' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  ORDER BY 1, 2`;

/** What a standby would answer (`cannot access temporary or unlogged relations during recovery`, plancat.c). */
const ON_STANDBY = 'a standby has no unlogged relations';

/**
 * Rows of every unlogged table; of a sequence 1 once it has given out a number. Nothing of them is in the WAL: a crash or
 * a promotion empties them, and a standby does not have them (PostgreSQL documentation, "CREATE TABLE", UNLOGGED).
 */
export async function collectUnlogged(client: Client): Promise<Unlogged> {
  const { rows } = await client.query<{ schema: string; name: string; sequence: boolean; standby: boolean }>(UNLOGGED);
  const unlogged: Unlogged = {};
  for (const { schema, name, sequence, standby } of rows) {
    const sql = `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
    if (standby) {
      unlogged[`${schema}.${name}`] = { unreadable: ON_STANDBY };
      continue;
    }
    const counted = await client.query<{ rows: string }>(
      sequence ? `SELECT is_called::int::text AS rows FROM ${sql}` : `SELECT count(*)::text AS rows FROM ONLY ${sql}`,
    );
    unlogged[`${schema}.${name}`] = { rows: counted.rows[0]?.rows ?? '0' };
  }
  return unlogged;
}

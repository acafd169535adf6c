import { escapeIdentifier } from 'pg';
import type { PatroniNode } from '../cluster/patroni-node';

/**
 * Has the catalogue say which version of a collation is there now. Right only once every index that goes by it was built
 * anew (PostgreSQL documentation, ALTER COLLATION, "Notes").
 * @returns what was done, in words
 */
export async function refreshCollation(
  leader: PatroniNode,
  database: string,
  schema: string,
  collation: string,
): Promise<string> {
  const name = `${escapeIdentifier(schema)}.${escapeIdentifier(collation)}`;
  await leader.query(`ALTER COLLATION ${name} REFRESH VERSION`, [], database);
  const [row] = await leader.query<{ version: string }>(
    `SELECT collversion AS version FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
      WHERE n.nspname = $1 AND l.collname = $2`,
    [schema, collation],
    database,
  );
  return `"${collation}" is of version ${row?.version}`;
}

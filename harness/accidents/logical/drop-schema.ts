import type { Client } from 'pg';
import { z } from 'zod';
import type { Accident } from '../accident';
import { logicalKind } from './logical-kind';
import { quotedName } from './names';
import { oneTransaction } from './one-transaction';

/**
 * `DROP SCHEMA … CASCADE`, through the leader, while everything else goes on: tables, sequences, keys, all that is in it.
 *
 * Proof: the schema was there with so many tables, and after the commit neither it nor any of them is.
 * @param options.cascade false: without CASCADE; PostgreSQL refuses then unless the schema is empty
 * @throws PGDRILL_DRILL_INVALID when the schema has no name
 */
export function dropSchema(schema: string, options: { cascade?: boolean; database?: string } = {}): Accident {
  const quoted = quotedName('dropSchema', 'schema', schema);
  const sql = `DROP SCHEMA ${quoted}${options.cascade === false ? '' : ' CASCADE'}`;
  return oneTransaction({
    name: 'drop-schema',
    title: `DROP SCHEMA ${schema}`,
    database: options.database,
    look: (client) => tablesOf(client, schema),
    damage: async (client) => void (await client.query(sql)),
    async prove(client, tables) {
      const there = await client.query<{ gone: boolean }>('SELECT to_regnamespace($1) IS NULL AS gone', [quoted]);
      const left = await client.query<{ n: string }>('SELECT count(*) AS n FROM pg_class WHERE oid = ANY($1)', [
        tables,
      ]);
      const { gone } = there.rows[0]!;
      const { n } = left.rows[0]!;
      return {
        took: gone && n === '0',
        expected: `schema ${schema} dropped, with ${tables.length} tables`,
        found: `${gone ? 'no schema' : 'the schema is still there'}, ${n} of its tables left`,
      };
    },
  });
}

/** oid of the tables in a schema, by which they are known whatever schema they are in later. */
async function tablesOf(client: Client, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ oid: string }>(
    `SELECT c.oid::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')`,
    [schema],
  );
  return rows.map(({ oid }) => oid);
}

/** The same by hand: `pgdrill break drop-schema`. */
export const dropSchemaKind = logicalKind({
  name: 'drop-schema',
  title: 'schema dropped with all that is in it',
  does: '`DROP SCHEMA … CASCADE`, through the leader: tables, sequences, keys.',
  options: z.object({
    schema: z.string().describe('its name'),
  }),
  proof: 'the schema was there with so many tables, and after the commit neither it nor any of them is',
  make: ({ schema }) => dropSchema(schema),
});

import { z } from 'zod';
import type { Accident } from '../accident';
import { logicalKind } from './logical-kind';
import { quotedTable } from './names';
import { countRows, oneTransaction } from './one-transaction';

/**
 * `DROP TABLE`, through the leader, while everything else goes on.
 *
 * Proof: the table was there with so many rows, and after the commit its name means nothing.
 * @param table `schema.table`
 * @param options.cascade also what depends on it, such as views and foreign keys; without, PostgreSQL refuses then
 * @throws PGDRILL_DRILL_INVALID when the table is not named with its schema
 */
export function dropTable(table: string, options: { cascade?: boolean; database?: string } = {}): Accident {
  const quoted = quotedTable('dropTable', table);
  const sql = `DROP TABLE ${quoted}${options.cascade === true ? ' CASCADE' : ''}`;
  return oneTransaction({
    name: 'drop-table',
    title: `DROP TABLE ${table}`,
    database: options.database,
    look: (client) => countRows(client, quoted),
    damage: async (client) => void (await client.query(sql)),
    async prove(client, rows) {
      const there = await client.query<{ gone: boolean }>('SELECT to_regclass($1) IS NULL AS gone', [quoted]);
      const gone = there.rows[0]!.gone;
      return {
        took: gone,
        expected: `${table} dropped, with ${rows} rows`,
        found: gone ? `no table ${table}` : `${table} is still there`,
      };
    },
  });
}

/** The same by hand: `pgdrill break drop-table`. */
export const dropTableKind = logicalKind({
  name: 'drop-table',
  title: 'table dropped',
  does: '`DROP TABLE`, through the leader.',
  options: z.object({
    table: z.string().describe('`schema.table`'),
    cascade: z.boolean().default(false).describe('also what depends on it'),
  }),
  proof: 'the table was there, and after the commit its name means nothing',
  make: ({ table, ...options }) => dropTable(table, options),
});

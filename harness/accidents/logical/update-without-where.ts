import { z } from 'zod';
import type { Accident } from '../accident';
import { logicalKind } from './logical-kind';
import { invalid, quotedName, quotedTable } from './names';
import { oneTransaction } from './one-transaction';

interface UpdateOptions {
  column: string;
  /** What every row gets, as PostgreSQL reads it for the column's type. */
  value: string | number | boolean | null;
  database?: string;
}

/**
 * `UPDATE table SET column = value`, without a WHERE, through the leader, while everything else goes on: as many rows as
 * before, so that a count tells nothing.
 *
 * Proof: some rows had another value before, and after the commit none has.
 * @param table `schema.table`
 * @throws PGDRILL_DRILL_INVALID when table, column or value is missing
 */
export function updateWithoutWhere(table: string, { column, value, database }: UpdateOptions): Accident {
  const accident = 'updateWithoutWhere';
  const quoted = quotedTable(accident, table);
  const set = quotedName(accident, 'column', column);
  if (value === undefined) throw invalid(accident, 'it has no value', 'give the value that every row gets, or null');
  const counts = `SELECT count(*) AS rows, count(*) FILTER (WHERE ${set} IS DISTINCT FROM $1) AS others FROM ${quoted}`;
  type Counts = Record<'rows' | 'others', string>;
  return oneTransaction({
    name: 'update-without-where',
    title: `UPDATE ${table} SET ${column} = ${JSON.stringify(value)}`,
    database,
    look: async (client) => (await client.query<Counts>(counts, [value])).rows[0]!,
    damage: async (client) => (await client.query(`UPDATE ${quoted} SET ${set} = $1`, [value])).rowCount ?? 0,
    async prove(client, { rows, others }, updated) {
      const after = (await client.query<Counts>(counts, [value])).rows[0]!;
      return {
        took: others !== '0' && after.others === '0',
        expected: `${column} of ${others} of ${rows} rows of ${table} overwritten, in none another value left`,
        found: `${updated} rows updated, ${after.others} of ${after.rows} with another value`,
      };
    },
  });
}

/** The same by hand: `pgdrill break update-without-where`. */
export const updateWithoutWhereKind = logicalKind({
  name: 'update-without-where',
  title: 'one column of every row overwritten',
  does: '`UPDATE table SET column = value`, without a WHERE, through the leader: as many rows as before, so that a count tells nothing.',
  options: z.object({
    table: z.string().describe('`schema.table`'),
    column: z.string().describe('its name'),
    value: z.string().describe('what every row gets, as PostgreSQL reads it for the type of the column'),
  }),
  proof: 'some rows had another value before, and after the commit none has',
  make: ({ table, ...options }) => updateWithoutWhere(table, options),
});

import { z } from 'zod';
import type { Accident } from '../accident';
import { logicalKind } from './logical-kind';
import { quotedTable } from './names';
import { countRows, oneTransaction } from './one-transaction';

/**
 * `DELETE FROM table`, without a WHERE, through the leader, while everything else goes on.
 *
 * Proof: the table had rows before and has none after the commit. It stays in the dataset's database unless told.
 * @param table `schema.table`
 * @throws PGDRILL_DRILL_INVALID when the table is not named with its schema
 */
export function deleteAllRows(table: string, options: { database?: string } = {}): Accident {
  const quoted = quotedTable('deleteAllRows', table);
  return oneTransaction({
    name: 'delete-all-rows',
    title: `DELETE FROM ${table}`,
    database: options.database,
    look: (client) => countRows(client, quoted),
    damage: async (client) => (await client.query(`DELETE FROM ${quoted}`)).rowCount ?? 0,
    async prove(client, rows, deleted) {
      const left = await countRows(client, quoted);
      return {
        took: deleted > 0 && left === '0',
        expected: `${rows} rows of ${table} deleted, none left`,
        found: `${deleted} deleted, ${left} left`,
      };
    },
  });
}

/** The same by hand: `pgdrill break delete-all-rows`. */
export const deleteAllRowsKind = logicalKind({
  name: 'delete-all-rows',
  title: 'every row of a table deleted',
  does: '`DELETE FROM table`, without a WHERE, in one transaction through the leader.',
  options: z.object({
    table: z.string().describe('`schema.table`'),
  }),
  proof: 'the table had rows before and has none after the commit',
  make: ({ table }) => deleteAllRows(table),
});

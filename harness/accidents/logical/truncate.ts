import { z } from 'zod';
import type { Accident } from '../accident';
import { logicalKind } from './logical-kind';
import { quotedTable } from './names';
import { countRows, oneTransaction } from './one-transaction';

interface TruncateOptions {
  /** Also every table whose foreign keys point to it; without, PostgreSQL refuses then. */
  cascade?: boolean;
  /** Sequences of its columns begin again. */
  restartIdentity?: boolean;
  database?: string;
}

/**
 * `TRUNCATE`, through the leader, while everything else goes on. The files that held the rows are gone with the commit:
 * no dead rows are left for anybody to look at.
 *
 * Proof: the table had rows before and has none after the commit.
 * @param table `schema.table`
 * @throws PGDRILL_DRILL_INVALID when the table is not named with its schema
 */
export function truncateTable(table: string, options: TruncateOptions = {}): Accident {
  const quoted = quotedTable('truncateTable', table);
  const restart = options.restartIdentity === true ? ' RESTART IDENTITY' : '';
  const sql = `TRUNCATE ${quoted}${restart}${options.cascade === true ? ' CASCADE' : ''}`;
  return oneTransaction({
    name: 'truncate',
    title: `TRUNCATE ${table}${restart}`,
    database: options.database,
    look: (client) => countRows(client, quoted),
    damage: async (client) => void (await client.query(sql)),
    async prove(client, rows) {
      const left = await countRows(client, quoted);
      return {
        took: rows !== '0' && left === '0',
        expected: `${rows} rows of ${table} gone, none left`,
        found: `${left} left`,
      };
    },
  });
}

/** The same by hand: `pgdrill break truncate`. */
export const truncateKind = logicalKind({
  name: 'truncate',
  title: 'table truncated',
  does: '`TRUNCATE`, through the leader: the files that held the rows are gone with the commit, and no dead rows are left for anybody to look at.',
  options: z.object({
    table: z.string().describe('`schema.table`'),
    cascade: z.boolean().default(false).describe('also what depends on it'),
    restartIdentity: z.boolean().default(false).describe('sequences of its columns begin again'),
  }),
  proof: 'the table had rows before and has none after the commit',
  make: ({ table, ...options }) => truncateTable(table, options),
});

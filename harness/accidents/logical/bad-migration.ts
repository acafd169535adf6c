import type { Client } from 'pg';
import { z } from 'zod';
import type { Accident } from '../accident';
import { logicalKind } from './logical-kind';
import { givenText, quotedName, quotedTable } from './names';
import { oneTransaction } from './one-transaction';

interface MigrationOptions {
  column: string;
  /** The column's new type, as SQL: `varchar(10)`. The old one must be reachable from it by a cast. */
  type: string;
  /** How a row gets its new value, as SQL: `left(fio, 10)`. Default: a cast of the column. */
  using?: string;
  database?: string;
}

/** What the column is, and all its values as one number, as text of the type that it had. */
interface Column {
  type: string;
  /** Number of the table's file: a rewrite changes it. */
  file: string;
  rows: string;
  digest: string;
}

/**
 * A migration that loses data: `ALTER TABLE … ALTER COLUMN … TYPE … USING …` rewrites every row, and the new type has no
 * room for what was there. No error, as many rows as before, and no cast brings the values back.
 *
 * Proof: some values do not survive the way there and back; after the commit the column has another type, the table
 * another file, and the values, cast back, are not what they were.
 * @param table `schema.table`
 * @throws PGDRILL_DRILL_INVALID when table, column or type is missing
 */
export function badMigration(table: string, options: MigrationOptions): Accident {
  const accident = 'badMigration';
  const quoted = quotedTable(accident, table);
  const column = quotedName(accident, 'column', options.column);
  const type = givenText(accident, 'type', options.type);
  const using = givenText(accident, 'using', options.using ?? `${column}::${type}`);
  const title = `ALTER TABLE ${table} ALTER COLUMN ${options.column} TYPE ${type}`;
  return oneTransaction({
    name: 'bad-migration',
    title,
    database: options.database,
    async look(client) {
      const before = await lookAt(client, quoted, options.column, column);
      const back = `((${using})::${type})::${before.type}`;
      const { rows } = await client.query<{ lost: string }>(
        `SELECT count(*) AS lost FROM ${quoted} WHERE (${back})::text IS DISTINCT FROM ${column}::text`,
      );
      return { ...before, lost: rows[0]!.lost };
    },
    damage: async (client) =>
      void (await client.query(`ALTER TABLE ${quoted} ALTER COLUMN ${column} TYPE ${type} USING ${using}`)),
    async prove(client, before) {
      const after = await lookAt(client, quoted, options.column, `${column}::${before.type}`);
      const rewritten = after.file !== before.file && after.type !== before.type;
      const differs = after.digest !== before.digest;
      return {
        took: before.lost !== '0' && rewritten && differs,
        expected: `${options.column} of ${table} rewritten from ${before.type}, ${before.lost} of ${before.rows} values cut`,
        found: `${after.type} in ${rewritten ? 'another file' : 'the same file'}, values ${differs ? 'not what they were' : 'as they were'}`,
      };
    },
  });
}

/** @param value the column as SQL, cast to the type that it had */
async function lookAt(client: Client, quoted: string, name: string, value: string): Promise<Column> {
  // Before the catalogue is asked, so that a table or column that does not exist is PostgreSQL's own error.
  const content = await client.query<Pick<Column, 'rows' | 'digest'>>(
    `SELECT count(*) AS rows, coalesce(sum(hashtextextended((${value})::text, 0)), 0)::text AS digest FROM ${quoted}`,
  );
  const kind = await client.query<Pick<Column, 'type' | 'file'>>(
    `SELECT format_type(atttypid, atttypmod) AS type, pg_relation_filenode(attrelid)::text AS file
       FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2`,
    [quoted, name],
  );
  return { ...content.rows[0]!, ...kind.rows[0]! };
}

/** The same by hand: `pgdrill break bad-migration`. */
export const badMigrationKind = logicalKind({
  name: 'bad-migration',
  title: 'column rewritten by a migration that loses data',
  does: '`ALTER TABLE … ALTER COLUMN … TYPE … USING …` rewrites every row, and the new type has no room for what was there. No error, and as many rows as before.',
  options: z.object({
    table: z.string().describe('`schema.table`'),
    column: z.string().describe('its name'),
    type: z.string().describe('its new type, as SQL: `varchar(10)`'),
    using: z.string().optional().describe('how a row gets its new value, as SQL; default a cast of the column'),
  }),
  proof: 'the column has another type, the table another file, and the values, cast back, are not what they were',
  make: ({ table, column, type, using }) =>
    badMigration(table, { column, type, ...(using === undefined ? {} : { using }) }),
});

import type { PatroniNode } from '../../cluster/patroni-node';
import { PgdrillError } from '../../record/errors';
import type { Random } from '../../run/random';
import { quotedRelation } from './page-on-disk';

/** Tables, indexes, and tables that have TOAST: with the name that SQL knows each by. */
const largest = {
  table: `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence = 'p'`,
  index: `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_am a ON a.oid = c.relam AND a.amname = 'btree'
    WHERE c.relkind = 'i' AND c.relpersistence = 'p'`,
  toast: `SELECT 'pg_toast.' || c.relname AS name FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
      JOIN pg_class c ON c.oid = t.reltoastrelid
    WHERE t.relkind = 'r' AND t.relpersistence = 'p' AND pg_relation_size(c.oid) > 0`,
} as const;

/**
 * The relation that was named, or the largest of its kind in the database, catalogues left out.
 * @throws PGDRILL_RELATION_UNKNOWN where there is none
 */
export async function relationOf(
  node: PatroniNode,
  database: string,
  kind: keyof typeof largest,
  named?: string,
): Promise<string> {
  if (named !== undefined) {
    const [row] = await node.query<{ oid: string | null }>(
      'SELECT to_regclass($1) AS oid',
      [quotedRelation(named)],
      database,
    );
    if (row?.oid) return named;
    throw unknown(`there is no ${named} in ${database}`);
  }
  const outside = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;
  const [row] = await node.query<{ name: string }>(
    `${largest[kind]} AND ${outside} ORDER BY pg_relation_size(c.oid) DESC, 1 LIMIT 1`,
    [],
    database,
  );
  if (row) return row.name;
  throw unknown(
    `no schema of ${database} has ${{ table: 'a table', index: 'a B-tree index', toast: 'anything in TOAST' }[kind]}`,
  );
}

/** A block, chosen among those that have rows. @throws PGDRILL_RELATION_UNKNOWN where none has */
export async function blockWithRows(
  node: PatroniNode,
  database: string,
  relation: string,
  random: Random,
): Promise<number> {
  const blocks = await node.query<{ block: number }>(
    `SELECT DISTINCT (ctid::text::point)[0]::int AS block FROM ${quotedRelation(relation)} ORDER BY 1`,
    [],
    database,
  );
  const chosen = blocks[random.integer(0, Math.max(0, blocks.length - 1))];
  if (chosen) return chosen.block;
  throw unknown(`${relation} has no rows`);
}

function unknown(what: string): PgdrillError {
  return new PgdrillError('PGDRILL_RELATION_UNKNOWN', what, 'name another one with --relation, as schema.name');
}

import { PgdrillError } from '../../record/errors';
import type { TableName } from './surgical-facts';

/** One part of a table's name: in quotes, or without what would have to be quoted. Nothing is folded to lower case. */
const PART = String.raw`("(?:[^"]|"")+"|[^".\s]+)`;
const NAME = new RegExp(`^${PART}\\.${PART}$`);

/**
 * Reads `schema.table`, either part in double quotes where it holds a dot, a blank or a quote.
 * @throws PGDRILL_RESCUE_NAME
 */
export function tableNamed(text: string): TableName {
  const match = NAME.exec(text.trim());
  if (match) return { schema: unquoted(match[1]!), name: unquoted(match[2]!) };
  throw new PgdrillError(
    'PGDRILL_RESCUE_NAME',
    `"${text}" names no table with its schema`,
    'write schema.table, as the catalogue has it: public.orders, or "My Schema"."orders"',
  );
}

/** `schema.table` for people. */
export function shownName({ schema, name }: TableName): string {
  return `${schema}.${name}`;
}

/** A name as SQL takes it. */
export function quotedColumn(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table as SQL takes it. */
export function quotedTableName({ schema, name }: TableName): string {
  return `${quotedColumn(schema)}.${quotedColumn(name)}`;
}

function unquoted(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
}

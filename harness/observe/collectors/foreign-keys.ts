import { escapeIdentifier } from 'pg';
import type { MemberEvidence } from '../../record/evidence';
import type { ReadingSession } from './reading-session';

type Integrity = NonNullable<MemberEvidence['integrity']>;

interface ForeignKey {
  name: string;
  childSchema: string;
  child: string;
  parentSchema: string;
  parent: string;
  childColumns: string[];
  parentColumns: string[];
  /** MATCH FULL: a key is null in all columns or in none (PostgreSQL documentation, CREATE TABLE). */
  full: boolean;
  /** A partitioned table's rows are in its partitions; a plain one's heirs are not bound by its constraint. */
  childOnly: boolean;
  parentOnly: boolean;
}

/**
 * Constraints that PostgreSQL holds for validated. One that is NOT VALID, or not enforced, promises nothing about the rows
 * that are there, and those of partitions follow from their parent's.
 */
const FOREIGN_KEYS = `
  SELECT c.conname AS name, cn.nspname AS "childSchema", ch.relname AS child, pn.nspname AS "parentSchema", pa.relname AS parent,
         ch.relkind <> 'p' AS "childOnly", pa.relkind <> 'p' AS "parentOnly", c.confmatchtype = 'f' AS full,
         (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(num, n)
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num) AS "childColumns",
         (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k(num, n)
            JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num) AS "parentColumns"
  FROM pg_constraint c
  JOIN pg_class ch ON ch.oid = c.conrelid JOIN pg_namespace cn ON cn.oid = ch.relnamespace
  JOIN pg_class pa ON pa.oid = c.confrelid JOIN pg_namespace pn ON pn.oid = pa.relnamespace
  WHERE c.contype = 'f' AND c.convalidated AND c.conparentid = 0 AND NOT coalesce((to_jsonb(c)->>'conperiod')::boolean, false)
  ORDER BY 2, 3, 1`;

/**
 * Every foreign key looked at again, row by row, as `RI_Initial_Check` does (ri_triggers.c): a row of the child without
 * its parent is a violation. A temporal key (PERIOD) is left out.
 */
export async function validateForeignKeys(
  session: ReadingSession,
  database: string,
  result: NonNullable<Integrity['foreignKeys']>,
  notRead: NonNullable<Integrity['notRead']>,
): Promise<void> {
  for (const key of await session.rows<ForeignKey & Record<string, unknown>>(FOREIGN_KEYS)) {
    const reading = await session.read<Record<string, string | null>>(orphanQuery(key));
    const name = `${key.name} of ${key.childSchema}.${key.child}`;
    if (!('rows' in reading)) {
      if (reading.fault !== 'gone') notRead.push({ database, relation: `foreign key ${name}`, why: reading.words });
      continue;
    }
    result.validated += 1;
    const [orphan] = reading.rows;
    if (!orphan) continue;
    const row = key.childColumns.map((column, index) => `${column} = ${orphan[`c${index}`] ?? 'null'}`).join(', ');
    result.violated.push(`${database}: ${name}: ${row} has no row in ${key.parentSchema}.${key.parent}`);
  }
}

/** The first row of the child, by its key, that the parent has no row for. */
function orphanQuery(key: ForeignKey): string {
  const child = key.childColumns.map((column) => `f.${escapeIdentifier(column)}`);
  const pairs = key.parentColumns.map((column, index) => `p.${escapeIdentifier(column)} = ${child[index]}`);
  const given = `(${child.map((column) => `${column} IS NOT NULL`).join(' AND ')})`;
  const table = (only: boolean, schema: string, name: string): string =>
    `${only ? 'ONLY ' : ''}${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
  const parent = table(key.parentOnly, key.parentSchema, key.parent);
  const orphaned = `${given} AND NOT EXISTS (SELECT FROM ${parent} p WHERE ${pairs.join(' AND ')})`;
  const mixed = `NOT ${given} AND (${child.map((column) => `${column} IS NOT NULL`).join(' OR ')})`;
  return `SELECT ${child.map((column, index) => `${column}::text AS c${index}`).join(', ')}
    FROM ${table(key.childOnly, key.childSchema, key.child)} f
    WHERE ${key.full ? `(${orphaned}) OR (${mixed})` : orphaned} ORDER BY ${child.join(', ')} LIMIT 1`;
}

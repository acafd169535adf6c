import type { Client } from 'pg';
import type { ColumnFacts, TableFacts, TableName } from '../plan/surgical-facts';

/** A table's name as SQL writes it, always in quotes. */
const quotedName = (relation: string) =>
  `(SELECT '"' || replace(n.nspname, '"', '""') || '"."' || replace(c.relname, '"', '""') || '"'
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ${relation})`;

const columnsOf = (keys: string, relation: string) =>
  `ARRAY(SELECT a.attname::text FROM unnest(${keys}::int2[]) WITH ORDINALITY AS k(num, pos)
         JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.num ORDER BY k.pos)`;

const RELATION = `
  SELECT c.oid::text AS oid, c.relkind::text AS kind, c.relpersistence::text AS persistence,
         c.relispartition OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid OR inhparent = c.oid) AS inherits,
         coalesce((SELECT ${columnsOf('i.indkey', 'c.oid')} FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary), '{}') AS key
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`;

const COLUMNS = `
  SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS "notNull", attgenerated <> '' AS generated,
         (SELECT quote_ident(n.nspname) || '.' || quote_ident(l.collname) FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
          WHERE l.oid = attcollation AND l.oid <> (SELECT typcollation FROM pg_type WHERE pg_type.oid = atttypid)) AS collation,
         CASE attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity
  FROM pg_attribute WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;

/** Those that fire in an ordinary session: not the ones that make a foreign key, nor those for replicas (pg_trigger, tgenabled). */
const TRIGGERS = `
  SELECT tgname::text AS name, tgenabled = 'A' AS always FROM pg_trigger
  WHERE tgrelid = $1::oid AND NOT tgisinternal AND tgenabled IN ('O', 'A') ORDER BY tgname`;

const FOREIGN_KEYS = `
  SELECT conname::text AS name, conrelid = $1::oid AS own, ${quotedName('conrelid')} AS "from", ${columnsOf('conkey', 'conrelid')} AS columns,
         ${quotedName('confrelid')} AS "to", ${columnsOf('confkey', 'confrelid')} AS "toColumns", pg_get_constraintdef(oid) AS definition
  FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND (conrelid = $1::oid OR confrelid = $1::oid) ORDER BY 1`;

/** Sequences that belong to a column: `serial` (auto) and identity (internal). */
const SEQUENCES = `
  SELECT ${quotedName('d.objid')} AS name, a.attname::text AS "column", s.seqincrement > 0 AND NOT s.seqcycle AS ascending
  FROM pg_depend d
  JOIN pg_sequence s ON s.seqrelid = d.objid
  JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = $1::oid AND d.deptype IN ('a', 'i')
  ORDER BY 1`;

const VIEWS = `
  SELECT DISTINCT ${quotedName('r.ev_class')} AS name FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
  WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = $1::oid AND r.ev_class <> $1::oid
  ORDER BY 1`;

/** A table as the catalogue of this database has it; undefined where it has none of that name. */
export async function readTable(client: Client, { schema, name }: TableName): Promise<TableFacts | undefined> {
  const rows = async <R extends object>(sql: string, values: string[]) =>
    (await client.query<R & Record<string, unknown>>(sql, values)).rows as R[];
  await client.query('SET search_path = pg_catalog');
  try {
    const [relation] = await rows<Omit<TableFacts, 'columns'> & { oid: string }>(RELATION, [schema, name]);
    if (!relation) return undefined;
    const { oid, kind, persistence, inherits, key } = relation;
    const keys = await rows<TableFacts['references'][number] & { own: boolean }>(FOREIGN_KEYS, [oid]);
    const columns = await rows<
      Omit<ColumnFacts, 'identity' | 'collation'> & {
        identity: ColumnFacts['identity'] | null;
        collation: string | null;
      }
    >(COLUMNS, [oid]);
    const sequences = await rows<TableFacts['sequences'][number]>(SEQUENCES, [oid]);
    for (const sequence of sequences) {
      const sql = `SELECT last_value::text AS "lastValue", is_called AS called FROM ${sequence.name}`;
      Object.assign(sequence, (await rows(sql, []))[0]);
    }
    return {
      kind,
      persistence,
      inherits,
      columns: columns.map(({ identity, collation, ...column }) => ({
        ...column,
        ...(identity ? { identity } : {}),
        ...(collation === null ? {} : { collation }),
      })),
      key,
      triggers: await rows(TRIGGERS, [oid]),
      references: keys.filter(({ own }) => own),
      // One that refers to the table itself is among both.
      referencedBy: keys.filter(({ own, from, to }) => !own || from === to),
      sequences,
      views: (await rows<{ name: string }>(VIEWS, [oid])).map((view) => view.name),
    };
  } finally {
    await client.query('RESET search_path');
  }
}

import { escapeIdentifier, type Client } from 'pg';

export interface Column {
  /** Quoted for SQL. */
  sql: string;
  /** Name of its base type where that is PostgreSQL's own (`int4`, `jsonb`); empty for every other. */
  type: string;
}

/** A table with rows of its own: an ordinary one, a partition, or a materialised view. */
export interface Table {
  /** `schema.table`, as it is recorded. */
  name: string;
  /** Quoted for SQL. */
  sql: string;
  columns: Column[];
  /** Columns of the primary key; empty when there is none. */
  key: Column[];
  /** Rows as the planner believes (`reltuples`); by the size where the table was never analysed. */
  rowsEstimate: number;
  bytes: number;
}

/** Bytes that a row is taken to have in a table that was never analysed. */
const UNKNOWN_ROW_BYTES = 100;

/** Schemas whose objects are the user's. */
export const OWN_SCHEMAS = `SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`;

/** The base type is looked for through domains over domains. */
const TABLES = `
  WITH RECURSIVE base AS (
    SELECT oid, oid AS type FROM pg_type WHERE typtype <> 'd'
    UNION ALL SELECT d.oid, b.type FROM pg_type d JOIN base b ON b.oid = d.typbasetype WHERE d.typtype = 'd'
  ), columns AS (
    SELECT a.attrelid, a.attnum, json_build_object('name', a.attname, 'type',
             CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace THEN t.typname::text ELSE '' END) AS col
    FROM pg_attribute a JOIN base b ON b.oid = a.atttypid JOIN pg_type t ON t.oid = b.type
    WHERE a.attnum > 0 AND NOT a.attisdropped
  )
  SELECT n.nspname AS schema, c.relname AS name, c.reltuples::float8 AS estimate, pg_relation_size(c.oid)::text AS bytes,
         (SELECT coalesce(json_agg(col ORDER BY attnum), '[]') FROM columns WHERE attrelid = c.oid) AS columns,
         (SELECT coalesce(json_agg(col ORDER BY k.position), '[]')
          FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, position)
          JOIN columns ON columns.attrelid = c.oid AND columns.attnum = k.attnum
          WHERE i.indrelid = c.oid AND i.indisprimary AND k.position <= i.indnkeyatts) AS key
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm') AND c.relpersistence = 'p' AND (c.relkind = 'r' OR c.relispopulated)
    AND n.oid IN (${OWN_SCHEMAS})
  ORDER BY 1, 2`;

interface TableRow {
  schema: string;
  name: string;
  estimate: number;
  bytes: string;
  columns: { name: string; type: string }[];
  key: { name: string; type: string }[];
}

/** Every permanent table, partition and filled materialised view of the user's schemas, by name. */
export async function listTables(client: Client): Promise<Table[]> {
  const { rows } = await client.query<TableRow>(TABLES);
  return rows.map(tableOf);
}

function tableOf({ schema, name, estimate, bytes, columns, key }: TableRow): Table {
  const quoted = (list: TableRow['columns']): Column[] =>
    list.map((column) => ({ sql: escapeIdentifier(column.name), type: column.type }));
  return {
    name: `${schema}.${name}`,
    sql: `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`,
    columns: quoted(columns),
    key: quoted(key),
    rowsEstimate: estimate < 0 ? Number(bytes) / UNKNOWN_ROW_BYTES : estimate,
    bytes: Number(bytes),
  };
}

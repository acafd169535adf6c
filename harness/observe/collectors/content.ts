import { createHash } from 'node:crypto';
import { escapeIdentifier, type Client } from 'pg';
import type { Content, Fingerprint } from '../../record/fingerprint';

/** Settings that decide how a row's text looks: pinned, so that two members' digests can be compared. */
const PINNED = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex';
  SET extra_float_digits = 1; SET search_path = pg_catalog; SET statement_timeout = 0`;

const MOD = 1n << 128n;

/** Buckets of a table with a primary key, so that a difference can be narrowed. */
const BUCKETS = 16;

/**
 * The content of one database in one snapshot: a fingerprint of every permanent table, every sequence, and a digest of
 * the schema. Reads only; works on a standby.
 * @param client connected to that database, with no transaction open
 */
export async function collectContent(client: Client): Promise<Content> {
  await client.query(PINNED);
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const tables: Record<string, Fingerprint> = {};
    for (const table of await listTables(client)) tables[table.name] = await fingerprint(client, table);
    return { tables, sequences: await collectSequences(client), schema: await schemaDigest(client) };
  } finally {
    await client.query('ROLLBACK');
  }
}

interface Table {
  /** `schema.table`, as it is recorded. */
  name: string;
  /** Quoted for SQL. */
  sql: string;
  /** Quoted columns of the primary key; empty when there is none. */
  key: string[];
}

const TABLES = `
  SELECT n.nspname AS schema, c.relname AS name,
         coalesce(array_agg(a.attname::text ORDER BY k.position) FILTER (WHERE a.attname IS NOT NULL), '{}') AS key
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
  LEFT JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, position) ON true
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
  WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  GROUP BY 1, 2 ORDER BY 1, 2`;

async function listTables(client: Client): Promise<Table[]> {
  const { rows } = await client.query<{ schema: string; name: string; key: string[] }>(TABLES);
  return rows.map((row) => ({
    name: `${row.schema}.${row.name}`,
    sql: `${escapeIdentifier(row.schema)}.${escapeIdentifier(row.name)}`,
    key: row.key.map(escapeIdentifier),
  }));
}

/**
 * A row's digest is two 64-bit hashes of its text with different seeds, taken as one number of 128 bits; a table's is
 * their sum modulo 2^128. A sum, not XOR: pairs of equal rows would vanish (two of the tables have no key).
 */
async function fingerprint(client: Client, table: Table): Promise<Fingerprint> {
  const bucket =
    table.key.length === 0
      ? '0'
      : `hashtextextended(ROW(${table.key.map((column) => `t.${column}`).join(', ')})::text, 7) & ${BUCKETS - 1}`;
  const { rows } = await client.query<{ bucket: string; rows: string; high: string; low: string }>(
    `SELECT (${bucket})::text AS bucket, count(*)::text AS rows,
            sum(hashtextextended(t.*::text, 1))::text AS high, sum(hashtextextended(t.*::text, 2))::text AS low
     FROM ONLY ${table.sql} AS t GROUP BY 1`,
  );
  const buckets = rows.map((row) => ({
    name: row.bucket,
    rows: BigInt(row.rows),
    sum: mod((BigInt(row.high) << 64n) + BigInt(row.low)),
  }));
  const total = (pick: (item: (typeof buckets)[number]) => bigint) =>
    buckets.reduce((sum, item) => sum + pick(item), 0n);
  return {
    rows: String(total((item) => item.rows)),
    sum: String(mod(total((item) => item.sum))),
    ...(table.key.length === 0
      ? {}
      : {
          buckets: Object.fromEntries(
            buckets.map((item) => [item.name, { rows: String(item.rows), sum: String(item.sum) }]),
          ),
        }),
  };
}

function mod(value: bigint): bigint {
  return ((value % MOD) + MOD) % MOD;
}

const SEQUENCES = `
  SELECT n.nspname AS schema, c.relname AS name, tn.nspname AS table_schema, t.relname AS table_name, a.attname AS column_name
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
                       AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
  LEFT JOIN pg_class t ON t.oid = d.refobjid
  LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
  LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
  WHERE c.relkind = 'S' AND c.relpersistence = 'p' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  ORDER BY 1, 2`;

/** Each sequence's last value, and whether it is behind the column that it serves: the next insert would then fail. */
async function collectSequences(client: Client): Promise<Content['sequences']> {
  const { rows } = await client.query<
    Record<'schema' | 'name', string> & Record<'table_schema' | 'table_name' | 'column_name', string | null>
  >(SEQUENCES);
  const sequences: Content['sequences'] = {};
  for (const row of rows) {
    const name = `${escapeIdentifier(row.schema)}.${escapeIdentifier(row.name)}`;
    const column =
      row.table_schema && row.table_name && row.column_name
        ? `(SELECT max(${escapeIdentifier(row.column_name)})::numeric FROM ${escapeIdentifier(row.table_schema)}.${escapeIdentifier(row.table_name)})`
        : 'NULL::numeric';
    const [found] = (
      await client.query<{ last: string; behind: boolean }>(
        `SELECT last_value::text AS last, coalesce(last_value < ${column}, false) AS behind FROM ${name}`,
      )
    ).rows;
    sequences[`${row.schema}.${row.name}`] = { lastValue: found!.last, behindColumn: found!.behind };
  }
  return sequences;
}

/** From the catalogue: `pg_dump -s` prints a random `\restrict` token, so its text differs from call to call. */
const SCHEMA = `
  SELECT 'column ' || attrelid::regclass::text || ' ' || attnum || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull
         || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '-') AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef d ON d.adrelid = attrelid AND d.adnum = attnum
   WHERE attnum > 0 AND NOT attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relnamespace IN (SELECT oid FROM own)
  UNION ALL SELECT 'constraint ' || conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated
    FROM pg_constraint WHERE connamespace IN (SELECT oid FROM own)
  UNION ALL SELECT 'index ' || pg_get_indexdef(indexrelid) || ' ' || indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
   WHERE c.relnamespace IN (SELECT oid FROM own)
  UNION ALL SELECT 'routine ' || pg_get_functiondef(p.oid) FROM pg_proc p WHERE prokind IN ('f', 'p') AND pronamespace IN (SELECT oid FROM own)
  UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'view ' || oid::regclass::text || ' ' || pg_get_viewdef(oid) FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace IN (SELECT oid FROM own)
  UNION ALL SELECT 'extension ' || extname || ' ' || extversion FROM pg_extension
  UNION ALL SELECT 'schema ' || nspname || ' ' || nspowner::regrole FROM pg_namespace WHERE oid IN (SELECT oid FROM own)`;

async function schemaDigest(client: Client): Promise<string> {
  const own = `WITH own AS (SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')`;
  const { rows } = await client.query<{ line: string }>(
    `${own} SELECT line FROM (${SCHEMA}) s ORDER BY line COLLATE "C"`,
  );
  const hash = createHash('sha256');
  for (const { line } of rows) hash.update(`${line}\n`);
  return hash.digest('hex');
}

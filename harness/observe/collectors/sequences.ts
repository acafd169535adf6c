import { escapeIdentifier, type Client } from 'pg';
import type { Content } from '../../record/fingerprint';

/** Sequences with the column that they serve (`serial`, identity), where it holds whole numbers. */
const SEQUENCES = `
  SELECT n.nspname AS schema, c.relname AS name, s.seqincrement < 0 AS descending, s.seqcycle AS cycles,
         tn.nspname AS table_schema, t.relname AS table_name, a.attname AS column_name
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_sequence s ON s.seqrelid = c.oid
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
                       AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
  LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                       AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)
  LEFT JOIN pg_class t ON t.oid = a.attrelid AND t.relpersistence = 'p'
  LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
  WHERE c.relkind = 'S' AND c.relpersistence = 'p' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  ORDER BY 1, 2`;

interface SequenceRow {
  schema: string;
  name: string;
  descending: boolean;
  cycles: boolean;
  table_schema: string | null;
  table_name: string | null;
  column_name: string | null;
}

/**
 * Each sequence's last value, and whether it is behind the column that it serves: the next number is there already, and
 * the next insert would fail. Not asked of sequences that count down or start again.
 */
export async function collectSequences(client: Client): Promise<Content['sequences']> {
  const { rows } = await client.query<SequenceRow>(SEQUENCES);
  if (rows.length === 0) return {};
  const each = await client.query<{ at: number; last: string; called: boolean; behind: boolean }>(
    rows.map((row, at) => oneSequence(row, at)).join(' UNION ALL '),
  );
  const sequences: Content['sequences'] = {};
  for (const { at, last, called, behind } of each.rows) {
    const row = rows[at];
    if (!row) continue;
    sequences[`${row.schema}.${row.name}`] = {
      lastValue: last,
      behindColumn: behind,
      called,
      ...(row.descending ? { descending: true } : {}),
      ...(row.cycles ? { cycles: true } : {}),
    };
  }
  return sequences;
}

function oneSequence(row: SequenceRow, at: number): string {
  const sequence = `${escapeIdentifier(row.schema)}.${escapeIdentifier(row.name)}`;
  const { table_schema, table_name, column_name } = row;
  let behind = 'false';
  if (table_schema !== null && table_name !== null && column_name !== null && !row.descending && !row.cycles) {
    const table = `${escapeIdentifier(table_schema)}.${escapeIdentifier(table_name)}`;
    // Before its first use a sequence gives out last_value itself.
    behind = `coalesce(last_value + (NOT is_called)::int * -1 < (SELECT max(${escapeIdentifier(column_name)})::numeric FROM ${table}), false)`;
  }
  return `SELECT ${at} AS at, last_value::text AS last, is_called AS called, ${behind} AS behind FROM ${sequence}`;
}

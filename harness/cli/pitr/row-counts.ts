import { plural } from '../../../reports/quantity';
import type { Client } from 'pg';
import type { PatroniNode } from '../../cluster/patroni-node';
import { deadlineMs } from '../../run/deadlines';
import type { Run } from '../../run/run';

/** Rows of one table. */
export interface RowCount {
  rows: number;
  /** `count`: by count(*). `estimate`: the planner's, where counting would have taken too long. */
  by: 'count' | 'estimate';
}

/** Rows by database and table (`schema.table`). */
export type RowCounts = Record<string, Record<string, RowCount>>;

/**
 * Counts every table of every database by count(*), the small ones first, until the time is up; those that are left get
 * PostgreSQL's estimate (`pg_class.reltuples`), and say so.
 */
export async function countRows(run: Run, node: PatroniNode): Promise<RowCounts> {
  const until = performance.now() + deadlineMs('rows counted', run.deadlineScale);
  const databases = await node.query<{ name: string }>(
    'SELECT datname AS name FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname COLLATE "C"',
  );
  const counts: RowCounts = {};
  for (const { name } of databases) {
    counts[name] = await node.use((client) => countDatabase(client, until), name);
  }
  return counts;
}

async function countDatabase(client: Client, until: number): Promise<Record<string, RowCount>> {
  const { rows: tables } = await client.query<{ title: string; quoted: string; estimate: number }>(
    `SELECT nspname || '.' || relname AS title, format('%I.%I', nspname, relname) AS quoted,
            greatest(reltuples, 0)::float8 AS estimate
       FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
      WHERE relkind = 'r' AND relpersistence = 'p' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
      ORDER BY relpages, 1`,
  );
  const counts: Record<string, RowCount> = {};
  for (const { title, quoted, estimate } of tables) {
    const left = Math.floor(until - performance.now());
    const rows = left > 0 ? await counted(client, quoted, left) : undefined;
    counts[title] = rows === undefined ? { rows: Math.round(estimate), by: 'estimate' } : { rows, by: 'count' };
  }
  return counts;
}

/** @returns undefined when it would take longer than there is time, or the table cannot be read */
async function counted(client: Client, quoted: string, leftMs: number): Promise<number | undefined> {
  try {
    await client.query(`SET statement_timeout = ${leftMs}`);
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${quoted}`);
    return Number(rows[0]?.count);
  } catch {
    return undefined;
  }
}

/**
 * How the rows on a recovered node compare with those before the recovery, in words. Pure.
 * @param most how many tables are named
 */
export function countDifferences(before: RowCounts, now: RowCounts, most = 6): string[] {
  const rows = (database: string, table: string, counts: RowCounts) => counts[database]?.[table];
  const databases = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  const differences: string[] = [];
  let same = 0;
  for (const database of databases) {
    const tables = [...new Set([...Object.keys(before[database] ?? {}), ...Object.keys(now[database] ?? {})])].sort();
    for (const table of tables) {
      const [then, here] = [rows(database, table, before), rows(database, table, now)];
      if (then && here && then.rows === here.rows) same += 1;
      else differences.push(`${database}: ${table} ${rowsText(here)} here, ${rowsText(then)} before the recovery`);
    }
  }
  const more = differences.length > most ? [`${plural(differences.length - most, 'more table')} beside these`] : [];
  const rest =
    differences.length === 0
      ? `every table has as many rows as before the recovery (${same})`
      : `${plural(same, 'table')} as before`;
  return [...differences.slice(0, most), ...more, rest];
}

function rowsText(count: RowCount | undefined): string {
  if (!count) return 'not there';
  return `${count.by === 'estimate' ? 'about ' : ''}${count.rows}`;
}

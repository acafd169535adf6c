import { createReadStream, createWriteStream, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { DigestedRow } from '../../formats/row-comparison';
import { keyText, rowDigest, rowText } from './row-digest';
import type { Table } from './tables';

/** Characters of a row's own text that are kept where it has no key, and of a row that is shown. */
export const ROW_TEXT = 200;

/** Key, digest and times of every row, as COPY's text format has them: three fields with tabs between. */
function copyRows(table: Table, stored: boolean, where = ''): string {
  const digest = rowDigest(table.columns, stored);
  const rows =
    table.key.length > 0
      ? `SELECT ${keyText(table.key)} AS key, ${digest} AS digest, 1 AS times FROM ONLY ${table.sql}`
      : `SELECT left(${rowText(table.columns)}, ${ROW_TEXT}) AS key, ${digest} AS digest, count(*) AS times
         FROM ONLY ${table.sql} GROUP BY 1, 2`;
  return `COPY (SELECT key, digest, times FROM (${rows} OFFSET 0) AS digests${where}) TO STDOUT`;
}

/**
 * Every row of a table as the server has it now, streamed.
 * @param buckets only rows whose digest falls into one of these of `parts`; default all
 */
export function rowsOf(
  client: Client,
  table: Table,
  stored: boolean,
  buckets?: { parts: number; chosen: readonly string[] },
): AsyncIterable<DigestedRow> {
  const where = buckets
    ? ` WHERE digest & ${buckets.parts - 1} IN (${buckets.chosen.map((bucket) => String(Number(bucket))).join(', ')})`
    : '';
  return rowsIn(client.query(copyTo(copyRows(table, stored, where))));
}

/** Bytes of a file. */
export interface RowsPlace {
  start: number;
  end: number;
}

/**
 * Rows' digests kept in a file of the run's folder, table after table: what a later difference is narrowed to rows with.
 * Written one table at a time.
 */
export class KeptRows {
  private readonly parts: Map<string, RowsPlace>;

  /**
   * @param limit tables with more rows are not kept
   * @param known where tables lie in a file that is there already, as `places` had it
   */
  constructor(
    readonly file: string,
    readonly limit: number,
    known: Readonly<Record<string, RowsPlace>> = {},
  ) {
    this.parts = new Map(Object.entries(known));
    if (this.parts.size === 0) mkdirSync(path.dirname(file), { recursive: true });
  }

  /** Where each table's rows lie in the file. */
  get places(): Record<string, RowsPlace> {
    return Object.fromEntries(this.parts);
  }

  async keep(client: Client, database: string, table: Table, stored: boolean): Promise<void> {
    const start = this.bytes();
    await pipeline(
      client.query(copyTo(copyRows(table, stored))),
      createWriteStream(this.file, { flags: 'a', mode: 0o600 }),
    );
    this.parts.set(nameOf(database, table.name), { start, end: this.bytes() });
  }

  /** The rows of a table as they were; undefined where they were not kept. */
  rows(database: string, table: string): AsyncIterable<DigestedRow> | undefined {
    const part = this.parts.get(nameOf(database, table));
    if (!part) return undefined;
    if (part.end === part.start) return nothing();
    return rowsIn(createReadStream(this.file, { start: part.start, end: part.end - 1 }));
  }

  /** How many tables are in the file. */
  get tables(): number {
    return this.parts.size;
  }

  private bytes(): number {
    return statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
  }
}

function nameOf(database: string, table: string): string {
  return `${database}\t${table}`;
}

async function* nothing(): AsyncGenerator<DigestedRow> {}

async function* rowsIn(stream: Readable): AsyncGenerator<DigestedRow> {
  // COPY escapes line ends within values, so that a line is a row.
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    const [key = '', digest = '', times = '1'] = line.split('\t');
    yield { key: unescaped(key), digest, times: Number(times) };
  }
}

const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** A value of COPY's text format (PostgreSQL documentation, "COPY", section "Text Format"). NULL stays `\N`. */
function unescaped(value: string): string {
  if (value === '\\N' || !value.includes('\\')) return value;
  return value.replace(/\\(.)/gs, (_, character: string) => ESCAPED[character] ?? character);
}

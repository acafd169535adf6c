import type { Client } from 'pg';
import { addDigests } from '../../formats/fingerprint';
import type { Fingerprint } from '../../record/fingerprint';
import { methodOf, rowDigest } from './row-digest';
import type { Table } from './tables';

/** Tables too large to be digested in full, by the caller's choice. */
export interface Sampling {
  /** Rows, as the planner believes, above which a table is sampled. Default: none is. */
  sampleAbove?: number;
  /** Digests are taken of one key in this many. */
  oneIn?: number;
}

/** Stirs the key's digest once more, so that the choice has nothing to do with the sum. */
const CHOICE = 5;

/**
 * A table's fingerprint: its row count, and the sum modulo 2^128 of its rows' digests. A sum, not XOR: pairs of equal rows
 * would vanish. PostgreSQL's own parallel query does the work.
 * @param oneIn digests of one key in this many, chosen by the key's hash, so independent of where rows lie; rows are
 * counted all. A table without a key is never sampled, as nothing would tell the same rows again.
 */
export async function fingerprint(client: Client, table: Table, stored: boolean, oneIn?: number): Promise<Fingerprint> {
  const sampled = oneIn !== undefined && oneIn > 1 && table.key.length > 0;
  const chosen = sampled
    ? ` FILTER (WHERE hashint4extended(${CHOICE}, ${rowDigest(table.key, stored)}) % ${oneIn} = 0)`
    : '';
  const { rows } = await client.query<{ rows: string; sum: string }>(
    `SELECT count(*)::text AS rows, coalesce(sum(${rowDigest(table.columns, stored)})${chosen}, 0)::text AS sum
     FROM ONLY ${table.sql}`,
  );
  const [found = { rows: '0', sum: '0' }] = rows;
  return {
    rows: found.rows,
    sum: addDigests(found.sum, '0'),
    method: methodOf(stored),
    ...(sampled ? { sampledOneIn: oneIn } : {}),
  };
}

/** One key in how many is to be digested of a table; undefined: every row. @param like how it was done before */
export function sampleOf(table: Table, sampling: Sampling, like?: Fingerprint): number | undefined {
  // As at the baseline: the planner's belief may have changed since, and a sample cannot be compared with a whole.
  if (like) return like.sampledOneIn;
  const { sampleAbove, oneIn } = sampling;
  return sampleAbove !== undefined && oneIn !== undefined && table.rowsEstimate > sampleAbove ? oneIn : undefined;
}

/**
 * Row counts and sums of the parts into which the low bits of the rows' digests divide a table: a row that differs is in
 * a part that differs, wherever it lies.
 * @param parts a power of 2
 */
export async function bucketsOf(
  client: Client,
  table: Table,
  stored: boolean,
  parts: number,
): Promise<Record<string, { rows: string; sum: string }>> {
  const { rows } = await client.query<{ bucket: string; rows: string; sum: string }>(
    `SELECT (digest & ${parts - 1})::text AS bucket, count(*)::text AS rows, sum(digest)::text AS sum
     FROM (SELECT ${rowDigest(table.columns, stored)} AS digest FROM ONLY ${table.sql} OFFSET 0) AS digests GROUP BY 1`,
  );
  return Object.fromEntries(
    rows.map((row) => [row.bucket, { rows: row.rows, sum: addDigests(row.sum, '0') }] as const),
  );
}

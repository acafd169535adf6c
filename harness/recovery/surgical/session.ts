import type { Client } from 'pg';
import type { PatroniNode } from '../../cluster/patroni-node';
import type { RowsDigest } from '../../record/rescue';

/** How values print decides whether they are the same: in every session alike, on whatever server. */
const SETTINGS = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 3;
  SET bytea_output = 'hex'; SET xmlbinary = 'base64'; SET lc_monetary = 'C'; SET client_encoding = 'UTF8'; SET jit = off`;

/** A superuser's session in which rows print as in every other one of these. The caller ends it. */
export async function rescueSession(node: PatroniNode, database: string): Promise<Client> {
  const client = await node.connect(database, { applicationName: 'pgdrill rescue' });
  try {
    await client.query(SETTINGS);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

/** The answer to a query for a digest. */
export async function digestFrom(client: Client, sql: string, values: unknown[] = []): Promise<RowsDigest> {
  const { rows } = await client.query<RowsDigest>(sql, values);
  return { rows: rows[0]!.rows, sum: rows[0]!.sum };
}

/** Two digests of parts of one set of rows, together. */
export function addRows(a: RowsDigest, b: RowsDigest): RowsDigest {
  return { rows: String(BigInt(a.rows) + BigInt(b.rows)), sum: String(BigInt(a.sum) + BigInt(b.sum)) };
}

export function sameRows(a: RowsDigest, b: RowsDigest): boolean {
  return a.rows === b.rows && a.sum === b.sum;
}

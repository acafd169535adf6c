import type { Client } from 'pg';
import { compareFingerprints, differingBuckets, fromBuckets } from '../../formats/fingerprint';
import { RowComparison, type DigestedRow, type RowDifference } from '../../formats/row-comparison';
import type { Fingerprint } from '../../record/fingerprint';
import type { DifferingRow, NarrowedTable } from '../../record/narrowing';
import { inOneSnapshot, type Connect } from './content-session';
import { bucketsOf, fingerprint } from './fingerprints';
import { errorLine } from './reading-error';
import { keyText, methodOf, rowText } from './row-digest';
import { ROW_TEXT, rowsOf } from './row-digests';
import { hasStoredDigests } from './stored-digest';
import { listTables, type Table } from './tables';

/** How many differing rows are shown. */
const SHOWN = 5;

/** Parts of a large table that are compared before its rows are. */
const PARTS = 1024;

/** Rows that are compared one by one, at most: what memory holds (about 150 bytes a row). */
const MOST_ROWS = 1_000_000;

/** With what a table can be compared. */
export interface Reference {
  before: Fingerprint;
  /** Its rows as they were, where they were kept. */
  kept: AsyncIterable<DigestedRow> | undefined;
  /** Up to how many rows they are kept. */
  limit: number;
  /** The other members: one on which the table is as before will do. */
  others: readonly { name: string; connect: Connect }[];
}

type Narrowing = Omit<NarrowedTable, 'database'>;

/**
 * Which rows of a table are not as they were: compared with the digests kept at the baseline, else, bucket by bucket, with
 * a member on which the table is as it was.
 * @param client in a transaction of its own
 */
export async function narrowTable(
  client: Client,
  table: Table,
  stored: boolean,
  reference: Reference,
): Promise<Narrowing> {
  const { before, kept } = reference;
  const keptAgainst = `${before.rows} rows kept at the baseline`;
  const cannot = (against: string, limit: string): Narrowing => ({ table: table.name, against, rows: [], limit });
  if (before.method !== methodOf(stored))
    return cannot('nothing', `digests were made by ${before.method ?? 'an older method'}, here by ${methodOf(stored)}`);
  if (!kept) return againstMember(client, table, stored, reference);
  const now = (await fingerprint(client, table, stored)).rows;
  if (Number(now) > MOST_ROWS) return cannot(keptAgainst, `${now} rows now, more than are compared one by one`);
  return { ...(await compared(client, table, stored, kept, rowsOf(client, table, stored))), against: keptAgainst };
}

async function againstMember(
  client: Client,
  table: Table,
  stored: boolean,
  { before, limit, others }: Reference,
): Promise<Narrowing> {
  const said: string[] = [];
  for (const other of others) {
    const found = await inOneSnapshot(other.connect, 1, async ([there]) => {
      const same = (await listTables(there!)).find(({ name }) => name === table.name);
      if (!same || (await hasStoredDigests(there!)) !== stored) return `${other.name} does not have it`;
      const seen = await fingerprint(there!, same, stored, before.sampledOneIn);
      if (compareFingerprints(before, seen) !== 'same') return `on ${other.name} it differs too`;
      return againstEqual(client, there!, table, same, stored, other.name);
    }).catch((error: unknown) => `${other.name}: ${errorLine(error)}`);
    if (typeof found !== 'string') return found;
    said.push(found);
  }
  const why = said.length === 0 ? 'there is no other member' : said.join(', ');
  return {
    table: table.name,
    against: 'nothing',
    rows: [],
    limit: `rows are kept of tables up to ${limit} rows, and no other member has it as it was: ${why}`,
  };
}

async function againstEqual(
  client: Client,
  there: Client,
  table: Table,
  same: Table,
  stored: boolean,
  name: string,
): Promise<Narrowing> {
  const [here, theirs] = await Promise.all([
    bucketsOf(client, table, stored, PARTS),
    bucketsOf(there, same, stored, PARTS),
  ]);
  const differing = differingBuckets(fromBuckets(theirs), fromBuckets(here)) ?? [];
  const chosen: string[] = [];
  let rows = 0;
  for (const bucket of differing) {
    rows += Number(theirs[bucket]?.rows ?? 0) + Number(here[bucket]?.rows ?? 0);
    if (rows > MOST_ROWS) break;
    chosen.push(bucket);
  }
  const against = `${name}, where it is as it was`;
  if (chosen.length === 0)
    return { table: table.name, against, rows: [], limit: `${differing.length} of ${PARTS} parts differ` };
  const buckets = { parts: PARTS, chosen };
  const found = await compared(
    client,
    table,
    stored,
    rowsOf(there, same, stored, buckets),
    rowsOf(client, table, stored, buckets),
  );
  if (chosen.length === differing.length) return { ...found, against };
  // What is in the other parts is not known: neither how many, nor whether the first by key are among them.
  return {
    table: found.table,
    rows: found.rows,
    against,
    limit: `rows of ${chosen.length} of the ${differing.length} parts that differ, of ${PARTS}`,
  };
}

async function compared(
  client: Client,
  table: Table,
  stored: boolean,
  before: AsyncIterable<DigestedRow>,
  now: AsyncIterable<DigestedRow>,
): Promise<Omit<Narrowing, 'against'>> {
  const keyed = table.key.length > 0;
  const comparison = new RowComparison(keyed);
  for await (const row of before) comparison.before(row);
  for await (const row of now) comparison.now(row);
  const { differing, first } = comparison.differences(SHOWN);
  const texts = keyed ? await textsOf(client, table, first) : new Map<string, string>();
  return {
    table: table.name,
    differing: String(differing),
    rows: first.map(({ key, how, times }): DifferingRow => {
      const text = how === 'missing' ? undefined : texts.get(key);
      return { key, how, ...(times > 1 ? { times } : {}), ...(text === undefined ? {} : { now: text }) };
    }),
  };
}

/** Rows as they are now, by key, cut to what can be read. */
async function textsOf(client: Client, table: Table, rows: readonly RowDifference[]): Promise<Map<string, string>> {
  const keys = rows.filter(({ how }) => how !== 'missing').map(({ key }) => key);
  if (keys.length === 0) return new Map();
  const found = await client.query<{ key: string; text: string }>(
    `SELECT ${keyText(table.key)} AS key, left(${rowText(table.columns)}, ${ROW_TEXT + 1}) AS text
     FROM ONLY ${table.sql} WHERE ${keyText(table.key)} = ANY ($1::text[])`,
    [keys],
  );
  return new Map(
    found.rows.map(({ key, text }) => [key, text.length > ROW_TEXT ? `${text.slice(0, ROW_TEXT)}…` : text]),
  );
}

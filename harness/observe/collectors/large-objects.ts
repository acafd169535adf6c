import type { Client } from 'pg';
import { addDigests } from '../../formats/fingerprint';
import type { Fingerprint } from '../../record/fingerprint';
import { methodOf, rowDigest } from './row-digest';
import type { Column } from './tables';

/** What there is of an object: who may do what with it, and its pages (PostgreSQL documentation, 53.30 and 53.31). */
const METADATA: Column[] = [
  { sql: 'oid', type: 'oid' },
  { sql: 'lomowner::regrole', type: '' },
  { sql: 'lomacl', type: '' },
];
const PAGES: Column[] = [
  { sql: 'loid', type: 'oid' },
  { sql: 'pageno', type: 'int4' },
  { sql: 'data', type: 'bytea' },
];

/** Large objects of a database, as one table is: how many there are, and the digests of owners, rights and bytes. */
export async function collectLargeObjects(client: Client, stored: boolean): Promise<Fingerprint> {
  const { rows } = await client.query<{ objects: string; metadata: string; pages: string }>(
    `SELECT m.objects::text AS objects, m.sum::text AS metadata, p.sum::text AS pages
     FROM (SELECT count(*) AS objects, coalesce(sum(${rowDigest(METADATA, stored)}), 0) AS sum FROM pg_largeobject_metadata) AS m,
          (SELECT coalesce(sum(${rowDigest(PAGES, stored)}), 0) AS sum FROM pg_largeobject) AS p`,
  );
  const [found = { objects: '0', metadata: '0', pages: '0' }] = rows;
  return { rows: found.objects, sum: addDigests(found.metadata, found.pages), method: methodOf(stored) };
}

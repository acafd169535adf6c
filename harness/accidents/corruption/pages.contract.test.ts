import { Client } from 'pg';
import { imagesForTests } from '../../cluster/test-cluster';
import { removeRun } from '../../engine/cleanup';
import { connectEngine } from '../../engine/connect';
import type { Container } from '../../engine/container';
import { startSinglePostgres } from '../../engine/single-postgres';
import { newId } from '../../run/ids';
import { until } from '../../run/until';
import { heapTuples } from '../../formats/heap-page';
import { btreeItems, parseBtreePage } from '../../formats/index-page';
import { pageChecksum, storedChecksum } from '../../formats/page-checksum';
import { linePointers, PAGE_BYTES, parsePageHeader } from '../../formats/page-header';

/** Tables whose pages hold what a page can hold: nulls, newer versions, dead lines, TOAST, frozen rows, posting lists. */
const tables = `
CREATE EXTENSION pageinspect;
CREATE TABLE mixed (id integer PRIMARY KEY, name text, note text) WITH (autovacuum_enabled = off);
INSERT INTO mixed SELECT i, 'name ' || i, CASE WHEN i % 3 = 0 THEN NULL ELSE repeat('n', i % 90) END FROM generate_series(1, 2000) i;
UPDATE mixed SET name = 'another ' || id WHERE id % 7 = 0;
DELETE FROM mixed WHERE id % 5 = 0;
VACUUM mixed;
UPDATE mixed SET note = 'once more' WHERE id % 11 = 0;
DELETE FROM mixed WHERE id % 13 = 0;
VACUUM (INDEX_CLEANUP off) mixed;
CREATE TABLE toasted (id integer PRIMARY KEY, body text);
INSERT INTO toasted SELECT i, string_agg(md5(i || '.' || j), '') FROM generate_series(1, 20) i, generate_series(1, 200) j GROUP BY i;
CREATE INDEX mixed_remainder ON mixed ((id % 10));
VACUUM FREEZE toasted;
CHECKPOINT`;

jest.setTimeout(300_000);

describe('pages of a real server', () => {
  const run = newId();
  const signal = new AbortController().signal;
  let client: Client;
  let container: Container;
  let remove: () => Promise<unknown> = () => Promise.resolve();

  const rows = async <R>(sql: string, values: unknown[] = []): Promise<R[]> =>
    (await client.query<R & Record<string, unknown>>(sql, values)).rows;
  const blocksOf = async (relation: string): Promise<number> => {
    const [row] = await rows<{ blocks: string }>('SELECT pg_relation_size($1) / 8192 AS blocks', [relation]);
    return Number(row!.blocks);
  };
  const pageOf = async (relation: string, block: number): Promise<Buffer> => {
    const [row] = await rows<{ page: Buffer }>('SELECT get_raw_page($1, $2) AS page', [relation, block]);
    return row!.page;
  };

  beforeAll(async () => {
    const engine = await connectEngine();
    remove = () => removeRun(engine, run);
    const { node } = await imagesForTests(engine, ['node']);
    const password = 'only-for-this-test';
    container = await startSinglePostgres(engine, { run, name: `pgdrill-${run}-single`, image: node, password });
    const port = await container.hostPort(5432);
    client = await until('query answered', { signal, deadlineScale: 1 }, async () => {
      const one = new Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' });
      await one.connect();
      return one;
    });
    for (const statement of tables.split(';')) await client.query(statement);
  });

  afterAll(async () => {
    await client?.end();
    await remove();
  });

  test.each(['mixed', 'toasted', 'mixed_pkey', 'pg_catalog.pg_class'])('%s › header as page_header()', async (name) => {
    const blocks = await blocksOf(name);
    expect(blocks).toBeGreaterThan(0);
    for (let block = 0; block < blocks; block += 1) {
      const page = await pageOf(name, block);
      const [told] = await rows<Record<string, string | number>>('SELECT * FROM page_header($1)', [page]);
      const { lsn, flags, lower, upper, special, pagesize, version, prune_xid } = told!;
      const header = parsePageHeader(page);
      expect({ ...header, checksum: 0 }).toEqual({
        lsn,
        checksum: 0,
        hasFreeLines: (Number(flags) & 1) !== 0,
        full: (Number(flags) & 2) !== 0,
        allVisible: (Number(flags) & 4) !== 0,
        lower,
        upper,
        special,
        size: pagesize,
        version,
        pruneXid: Number(prune_xid),
      });
      const [sum] = await rows<{ sum: number }>('SELECT page_checksum($1, $2) AS sum', [page, block]);
      expect(pageChecksum(page, block)).toBe(sum!.sum & 0xffff);
    }
  });

  test.each(['mixed', 'toasted'])('%s › lines and rows as heap_page_items()', async (name) => {
    const states = ['unused', 'normal', 'redirect', 'dead'];
    const met = new Set<string>();
    for (let block = 0; block < (await blocksOf(name)); block += 1) {
      const page = await pageOf(name, block);
      const told = await rows<{
        lp: number;
        lp_off: number;
        lp_flags: number;
        lp_len: number;
        xmin: string | null;
        xmax: string;
        ctid: string;
        attributes: number;
        nulls: boolean;
        frozen: boolean;
        t_data: Buffer | null;
      }>(
        `SELECT lp, lp_off, lp_flags, lp_len, t_xmin::text AS xmin, t_xmax::text AS xmax, t_ctid::text AS ctid,
                t_infomask2 & 2047 AS attributes, t_infomask & 1 = 1 AS nulls, t_infomask & 768 = 768 AS frozen, t_data
         FROM heap_page_items($1)`,
        [page],
      );
      expect(linePointers(page)).toEqual(
        told.map(({ lp, lp_off, lp_flags, lp_len }) => ({
          line: lp,
          state: states[lp_flags],
          offset: lp_off,
          length: lp_len,
        })),
      );
      linePointers(page).forEach(({ state }) => met.add(state));
      expect(
        heapTuples(page).map(({ ctid, ...tuple }) => ({ ...tuple, ctid: `(${ctid.block},${ctid.line})` })),
      ).toEqual(
        told
          .filter(({ xmin }) => xmin !== null)
          .map(({ lp, xmin, xmax, ctid, attributes, nulls, frozen, t_data }) => ({
            line: lp,
            xmin: Number(xmin),
            xmax: Number(xmax),
            ctid,
            attributes,
            hasNulls: nulls,
            frozen,
            data: t_data,
          })),
      );
    }
    if (name === 'mixed') expect([...met].sort()).toEqual(['dead', 'normal', 'redirect', 'unused']);
  });

  test.each(['mixed_pkey', 'mixed_remainder'])(
    '%s › pages and items as bt_page_stats() and bt_page_items()',
    async (name) => {
      const met = new Set<string>();
      for (let block = 1; block < (await blocksOf(name)); block += 1) {
        const page = await pageOf(name, block);
        const [stats] = await rows<{ type: string; btpo_prev: string; btpo_next: string; btpo_level: string }>(
          'SELECT * FROM bt_page_stats($1, $2)',
          [name, block],
        );
        const read = parseBtreePage(page);
        met.add(stats!.type);
        expect(read).toMatchObject({
          previous: Number(stats!.btpo_prev),
          next: Number(stats!.btpo_next),
          level: Number(stats!.btpo_level),
          leaf: stats!.type === 'l',
          root: stats!.type === 'r',
        });
        const items = await rows<{ line: number; ctid: string; list: boolean }>(
          'SELECT itemoffset AS line, ctid::text, tids IS NOT NULL AS list FROM bt_page_items($1) ORDER BY 1',
          [page],
        );
        const own = btreeItems(page);
        expect(own.map(({ line, tid }) => ({ line, ctid: `(${tid.block},${tid.line})` }))).toEqual(
          items.filter(({ line }) => line >= read.firstItem).map(({ line, ctid }) => ({ line, ctid })),
        );
        if (read.leaf) {
          expect(own.map(({ alternative }) => alternative)).toEqual(
            items.filter(({ line }) => line >= read.firstItem).map(({ list }) => list),
          );
          if (own.some(({ alternative }) => alternative)) met.add('list');
        }
      }
      expect(met).toContain('l');
      expect(met.has('list')).toBe(name === 'mixed_remainder');
    },
  );

  test('files › every page on disk carries the checksum that is computed for it', async () => {
    const paths = await rows<{ path: string }>(
      "SELECT pg_relation_filepath(oid) AS path FROM pg_class WHERE relkind IN ('r', 'i', 't') AND relname ~ 'mixed|toasted|pg_proc|pg_class'",
    );
    let pages = 0;
    for (const { path } of paths) {
      const bytes = await container.readBytes(`/var/lib/postgresql/single/${path}`);
      for (let block = 0; block * PAGE_BYTES < bytes.length; block += 1) {
        const page = bytes.subarray(block * PAGE_BYTES, (block + 1) * PAGE_BYTES);
        if (page.every((byte) => byte === 0)) continue;
        expect(storedChecksum(page)).toBe(pageChecksum(page, block));
        pages += 1;
      }
    }
    expect(pages).toBeGreaterThan(200);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { removeRun } from '../../engine/cleanup';
import { connectEngine } from '../../engine/connect';
import { dockerDirectory, ensureImages } from '../../engine/images';
import { startSinglePostgres } from '../../engine/single-postgres';
import { compareFingerprints } from '../../formats/fingerprint';
import { lineDifferences } from '../../formats/row-comparison';
import { newId } from '../../run/ids';
import { until } from '../../run/until';
import { collectContent, type ReadContent } from './content';
import { inOneSnapshot } from './content-session';
import { fingerprint } from './fingerprints';
import { narrowTable } from './narrow-table';
import { KeptRows } from './row-digests';
import { createStoredDigests } from './stored-digest';
import { listTables } from './tables';

jest.setTimeout(300_000);

/** A table of every awkward type, with and without a key; values that are equal to their type and not the same. */
const AWKWARD = `
  CREATE SCHEMA s;
  CREATE TYPE s.mood AS ENUM ('good', 'bad');
  CREATE TYPE s.pair AS (a integer, b text);
  CREATE DOMAIN s.whole AS integer CHECK (VALUE > 0);
  CREATE COLLATION s.loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
  CREATE TABLE s.awkward (
    id integer PRIMARY KEY, js json, jb jsonb, x xml, num numeric, f8 float8, f4 float4, arr integer[], texts text[],
    pair s.pair, bytes bytea, loose text COLLATE s.loose, fixed char(5), m s.mood, d date, ts timestamp, tz timestamptz,
    t time, i interval, u uuid, b boolean, n2 smallint, n8 bigint, v varchar(20), dom s.whole, p point, net inet,
    r int4range, bits varbit, name name, o oid, gen integer GENERATED ALWAYS AS (id * 2) STORED);
  INSERT INTO s.awkward SELECT g, '{"a": 1}', '{"a": 1.0}', '<a/>', 1.0, 0, 0, '{1,2}', '{a,NULL}', ROW(1, 'x')::s.pair, '\\x00ff', 'a', 'ab', 'good',
    '2026-01-01', '2026-01-01', '2026-01-01 00:00+00', '01:00', '1 month', '00000000-0000-0000-0000-000000000001', true, 1, 1, 'v', 1,
    '(1,2)', '10.0.0.1', '[1,3)', '101', 'n', 1 FROM generate_series(1, 50) AS g;
  INSERT INTO s.awkward (id) VALUES (51), (52);
  CREATE TABLE s.keyless (a text, b integer);
  INSERT INTO s.keyless VALUES ('a', 1), ('a', 1), ('b', 2), (NULL, 3), ('', 3);
  CREATE TABLE s.keyed (id integer PRIMARY KEY, t text);
  INSERT INTO s.keyed SELECT i, 'row ' || i FROM generate_series(1, 1000) i;
  CREATE TABLE s.two (a integer, b text, v integer, PRIMARY KEY (a, b));
  INSERT INTO s.two SELECT i, 'b' || i, i FROM generate_series(1, 20) i;
  CREATE TABLE s.none ();
  CREATE TABLE s.parts (id integer) PARTITION BY RANGE (id);
  CREATE TABLE s.parts_1 PARTITION OF s.parts FOR VALUES FROM (0) TO (10);
  INSERT INTO s.parts VALUES (1), (2);
  CREATE MATERIALIZED VIEW s.seen AS SELECT count(*) AS n FROM s.keyed;
  CREATE SEQUENCE s.free; CREATE SEQUENCE s.down INCREMENT -1;
  CREATE TABLE s.counted (id serial PRIMARY KEY);
  INSERT INTO s.counted SELECT FROM generate_series(1, 5);
  CREATE UNLOGGED TABLE s.unlogged (id integer GENERATED ALWAYS AS IDENTITY);
  INSERT INTO s.unlogged SELECT FROM generate_series(1, 3);
  CREATE ROLE reader;
  SELECT lo_from_bytea(4711, 'one large object');`;

describe('content › fingerprints in a real server', () => {
  const run = newId();
  const signal = new AbortController().signal;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-test-'));
  let client: Client;
  let connect: () => Promise<Client>;
  let remove: () => Promise<unknown> = () => Promise.resolve();

  beforeAll(async () => {
    const engine = await connectEngine();
    remove = () => removeRun(engine, run);
    const { node } = await ensureImages(engine, 'bookworm', ['node'], {
      dockerDir: dockerDirectory(),
      progress: () => undefined,
      signal,
      deadlineScale: 1,
    });
    const container = await startSinglePostgres(engine, {
      run,
      name: `pgdrill-${run}-single`,
      image: node,
      password: 'only-for-this-test',
    });
    const port = await container.hostPort(5432);
    connect = async () => {
      const one = new Client({
        host: '127.0.0.1',
        port,
        user: 'postgres',
        password: 'only-for-this-test',
        database: 'postgres',
      });
      one.on('error', () => undefined);
      await one.connect();
      return one;
    };
    client = await until('query answered', { signal, deadlineScale: 1 }, connect);
    await client.query("SET TimeZone = 'UTC'");
    await client.query(AWKWARD);
    await createStoredDigests(client);
  });

  afterAll(async () => {
    await client?.end();
    await remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const read = () => collectContent(connect);
  /** Before and after some SQL, which is undone by other SQL where more tests follow on the same rows. */
  const changed = async (sql: string, undo?: string): Promise<{ before: ReadContent; after: ReadContent }> => {
    const before = await read();
    await client.query(sql);
    const after = await read();
    if (undo !== undefined) await client.query(undo);
    return { before, after };
  };
  const differing = ({ before, after }: { before: ReadContent; after: ReadContent }) =>
    Object.keys(before.content.tables).filter((name) => {
      const [then, now] = [before.content.tables[name], after.content.tables[name]];
      return !then || !now || compareFingerprints(then, now) !== 'same';
    });

  it('says the same twice; partitions and materialised views are tables, unlogged ones are not', async () => {
    const { before, after } = await changed('SELECT 1');
    expect(after).toEqual(before);
    expect(Object.fromEntries(Object.entries(before.content.tables).map(([name, { rows }]) => [name, rows]))).toEqual({
      's.awkward': '52',
      's.counted': '5',
      's.keyed': '1000',
      's.keyless': '5',
      's.none': '0',
      's.parts_1': '2',
      's.seen': '1',
      's.two': '20',
    });
    expect(before.content.tables['s.keyed']?.method).toBe('columns-1-stored');
    expect(before.content.unlogged).toEqual({ 's.unlogged': { rows: '3' }, 's.unlogged_id_seq': { rows: '1' } });
    expect(before.content.extensions).toEqual({ plpgsql: '1.0' });
    expect(before.content.largeObjects).toMatchObject({ rows: '1' });
  });

  it('does not see the order of rows: a rewritten table is the same', async () => {
    const rewritten = await changed(
      'UPDATE s.keyed SET t = t WHERE id % 3 = 0; UPDATE s.awkward SET id = id; CLUSTER s.awkward USING awkward_pkey',
    );
    expect(differing(rewritten)).toEqual([]);
  });

  it.each([
    ['js', `'{"a":1}'`],
    ['jb', `'{"a": 1.00}'`],
    ['x', `'<a></a>'`],
    ['num', '1.00'],
    ['f8', `'-0'`],
    ['f8', `'NaN'`],
    ['f4', '1e-45'],
    ['arr', `'[0:1]={1,2}'`],
    ['arr', `'{1,NULL}'`],
    ['texts', `'{a,"NULL"}'`],
    ['pair', `(1, 'y')`],
    ['bytes', `'\\x00fe'`],
    ['loose', `'A'`],
    ['fixed', `'ab '  || chr(160)`],
    ['m', `'bad'`],
    ['d', `'infinity'`],
    ['d', `'2026-01-02'`],
    ['ts', `'2026-01-01 00:00:00.000001'`],
    ['tz', `'-infinity'`],
    ['t', `'01:00:01'`],
    ['i', `'30 days'`],
    ['u', `'00000000-0000-0000-0000-000000000002'`],
    ['b', 'false'],
    ['n2', '2'],
    ['n8', '4294967296'],
    ['n8', '-2'],
    ['ts', `timestamp '2026-01-01' + interval '71:34:55.967295'`],
    ['v', `''`],
    ['dom', '2'],
    ['p', `'(2,1)'`],
    ['net', `'10.0.0.1/24'`],
    ['r', `'[1,4)'`],
    ['bits', `'0101'`],
    ['name', `'N'`],
    ['o', '2'],
    ['v', 'NULL'],
    ['p', 'NULL'],
  ])('sees one changed value: %s to %s, with and without the stored digests', async (column, value) => {
    const awkward = (await listTables(client)).find(({ name }) => name === 's.awkward')!;
    const digests = async () => [await fingerprint(client, awkward, true), await fingerprint(client, awkward, false)];
    const before = await digests();
    await client.query(`CREATE TABLE s.kept AS SELECT id, ${column} AS v FROM s.awkward WHERE id = 7`);
    try {
      await client.query(`UPDATE s.awkward SET ${column} = ${value} WHERE id = 7`);
      const after = await digests();
      expect(after.map(({ rows }) => rows)).toEqual(['52', '52']);
      expect(after.map((each, at) => compareFingerprints(before[at]!, each))).toEqual(['content', 'content']);
    } finally {
      await client.query(`UPDATE s.awkward a SET ${column} = k.v FROM s.kept k WHERE a.id = k.id; DROP TABLE s.kept`);
    }
    expect(await digests()).toEqual(before);
  });

  it('sees values that change places, between columns and between rows', async () => {
    const swapped = `UPDATE s.two SET v = CASE a WHEN 1 THEN 2 ELSE 1 END WHERE a IN (1, 2)`;
    expect(differing(await changed(swapped, 'UPDATE s.two SET v = a WHERE a IN (1, 2)'))).toEqual(['s.two']);
    const between = `UPDATE s.awkward SET n2 = NULL, n8 = 1 WHERE id = 51`;
    await client.query('UPDATE s.awkward SET n2 = 1, n8 = NULL WHERE id = 51');
    expect(differing(await changed(between))).toEqual(['s.awkward']);
    await client.query('UPDATE s.awkward SET n2 = NULL, n8 = NULL WHERE id = 51');
  });

  it('counts pairs of equal rows: removing both is seen, and NULL is not the empty text', async () => {
    const pair = await changed(
      "DELETE FROM s.keyless WHERE a = 'a'",
      "INSERT INTO s.keyless VALUES ('a', 1), ('a', 1)",
    );
    expect(differing(pair)).toEqual(['s.keyless']);
    const other = "UPDATE s.keyless SET a = '' WHERE a IS NULL";
    await changed(other).then((both) => expect(differing(both)).toEqual(['s.keyless']));
    await client.query("DELETE FROM s.keyless WHERE b = 3; INSERT INTO s.keyless VALUES (NULL, 3), ('', 3)");
  });

  it('sees the content of a materialised view change', async () => {
    await client.query('INSERT INTO s.keyed VALUES (0, NULL)');
    expect(differing(await changed('REFRESH MATERIALIZED VIEW s.seen'))).toEqual(['s.seen']);
    await client.query('DELETE FROM s.keyed WHERE id = 0; REFRESH MATERIALIZED VIEW s.seen');
  });

  it('does not depend on the settings of the session or the database', async () => {
    const { before, after } = await changed(
      "ALTER DATABASE postgres SET DateStyle = 'German'; ALTER DATABASE postgres SET TimeZone = 'Asia/Bangkok'; ALTER DATABASE postgres SET bytea_output = 'escape'; ALTER DATABASE postgres SET extra_float_digits = -10; ALTER DATABASE postgres SET search_path = s; ALTER DATABASE postgres SET IntervalStyle = 'iso_8601'",
    );
    expect(after).toEqual(before);
    await client.query('ALTER DATABASE postgres RESET ALL');
  });

  it('sees large objects: a byte, an owner, one more', async () => {
    const objects = ({ content }: ReadContent) => content.largeObjects;
    const byte = await changed("SELECT lo_put(4711, 3, 'X')", "SELECT lo_put(4711, 3, ' ')");
    expect(objects(byte.after)).toMatchObject({ rows: '1' });
    expect(objects(byte.after)?.sum).not.toBe(objects(byte.before)?.sum);
    const owner = await changed('ALTER LARGE OBJECT 4711 OWNER TO reader');
    expect(objects(owner.after)?.sum).not.toBe(objects(owner.before)?.sum);
    const more = await changed("SELECT lo_from_bytea(0, '')");
    expect(objects(more.after)).toMatchObject({ rows: '2' });
  });

  it('tells a sequence that is behind its column, and whether it was used', async () => {
    const sequences = async () => (await read()).content.sequences;
    expect((await sequences())['s.counted_id_seq']).toEqual({ lastValue: '5', behindColumn: false, called: true });
    await client.query("SELECT setval('s.counted_id_seq', 3)");
    expect((await sequences())['s.counted_id_seq']).toEqual({ lastValue: '3', behindColumn: true, called: true });
    await client.query("SELECT setval('s.counted_id_seq', 5, false)");
    expect((await sequences())['s.counted_id_seq']).toEqual({ lastValue: '5', behindColumn: true, called: false });
    expect((await sequences())['s.free']).toEqual({ lastValue: '1', behindColumn: false, called: false });
    expect((await sequences())['s.down']).toMatchObject({ descending: true });
  });

  it.each([
    ['column s.keyed 3 extra', 'ALTER TABLE s.keyed ADD COLUMN extra integer'],
    ['column s.keyed 2 t text default', "ALTER TABLE s.keyed ALTER COLUMN t SET DEFAULT 'x'"],
    ['index CREATE INDEX keyed_t_idx', 'CREATE INDEX ON s.keyed (t)'],
    ['constraint s.keyed keyed_id_check CHECK', 'ALTER TABLE s.keyed ADD CHECK (id > 0)'],
    ['view s.v', 'CREATE VIEW s.v AS SELECT 1 AS one'],
    ['routine s.f() owner postgres', "CREATE FUNCTION s.f() RETURNS integer LANGUAGE sql AS 'SELECT 1'"],
    [
      'routine s.total(integer) owner postgres rights - aggregate',
      'CREATE AGGREGATE s.total(integer) (SFUNC = int4pl, STYPE = integer)',
    ],
    [
      'trigger CREATE TRIGGER t',
      'CREATE TRIGGER t BEFORE UPDATE ON s.keyed FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
    ],
    [
      'policy s.keyed own for r permissive to {reader}',
      'CREATE POLICY own ON s.keyed FOR SELECT TO reader USING (id > 1)',
    ],
    ['relation s.keyed kind r p owner postgres rights {', 'GRANT SELECT ON s.keyed TO reader'],
    ['relation s.two kind r p owner reader', 'ALTER TABLE s.two OWNER TO reader'],
    ['column s.keyed 1 id', 'GRANT UPDATE (id) ON s.keyed TO reader'],
    ['comment table s.keyed: what it is', "COMMENT ON TABLE s.keyed IS 'what it is'"],
    ['type s.mood e', "ALTER TYPE s.mood ADD VALUE 'so so'"],
    ['sequence s.free bigint start 1 by 5', 'ALTER SEQUENCE s.free INCREMENT 5'],
    ['relation s.parts_2 kind r p', 'CREATE TABLE s.parts_2 PARTITION OF s.parts FOR VALUES FROM (10) TO (20)'],
    ['default rights postgres', 'ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO reader'],
    ['publication p', 'CREATE PUBLICATION p FOR TABLE s.keyed'],
    ['statistics CREATE STATISTICS', 'CREATE STATISTICS s.st ON a, b FROM s.two'],
    ['schema more', 'CREATE SCHEMA more'],
    ['extension amcheck', 'CREATE EXTENSION amcheck'],
  ])('sees a change of the schema and names it: %s', async (line, sql) => {
    const { before, after } = await changed(sql);
    expect(after.content.schema).not.toBe(before.content.schema);
    const added = lineDifferences(before.schemaLines, after.schemaLines).filter(({ how }) => how === 'added');
    expect(added.filter((one) => one.line.startsWith(line))).toHaveLength(1);
  });

  it('reads all tables in one snapshot', async () => {
    const other = await connect();
    try {
      await inOneSnapshot(connect, 3, async (lanes) => {
        await other.query('INSERT INTO s.parts VALUES (3)');
        for (const lane of lanes) {
          expect((await lane.query<{ n: string }>('SELECT count(*) AS n FROM s.parts')).rows[0]?.n).toBe('2');
        }
      });
    } finally {
      await other.query('DELETE FROM s.parts WHERE id = 3');
      await other.end();
    }
  });

  it('samples tables by key, counts all rows, and samples as it did before', async () => {
    const sampled = await collectContent(connect, { sampleAbove: 0, oneIn: 4 });
    const full = await read();
    const keyed = sampled.content.tables['s.keyed'];
    expect(keyed).toMatchObject({ rows: '1000', sampledOneIn: 4 });
    expect(keyed?.sum).not.toBe(full.content.tables['s.keyed']?.sum);
    expect(sampled.content.tables['s.keyless']).toEqual(full.content.tables['s.keyless']);
    await client.query('UPDATE s.keyed SET t = t');
    const again = await collectContent(connect, { like: sampled.content });
    expect(again.content.tables).toEqual(sampled.content.tables);
    // One key in four: of 1000 changed rows some are chosen, and about a quarter of single changes would be seen.
    await client.query("UPDATE s.keyed SET t = t || '.'");
    const later = await collectContent(connect, { like: sampled.content });
    expect(later.content.tables['s.keyed']?.sum).not.toBe(keyed?.sum);
    await client.query('UPDATE s.keyed SET t = rtrim(t, $1)', ['.']);
  });

  describe('narrowed to rows', () => {
    let kept: KeptRows;
    let before: ReadContent;
    beforeAll(async () => {
      await client.query('ALTER TABLE s.keyed DROP COLUMN IF EXISTS extra');
      kept = new KeptRows(path.join(folder, 'rows.tsv'), 500);
      before = await collectContent(connect, {
        table: async (one, table, found, stored) => {
          if (Number(found.rows) <= kept.limit) await kept.keep(one, 'postgres', table, stored);
        },
      });
    });
    const narrowed = (name: string, others: { name: string; connect: () => Promise<Client> }[] = []) =>
      inOneSnapshot(connect, 1, async ([one]) => {
        const table = (await listTables(one!)).find((each) => each.name === name)!;
        return narrowTable(one!, table, true, {
          before: before.content.tables[name]!,
          kept: kept.rows('postgres', name),
          limit: kept.limit,
          others,
        });
      });

    it('names exactly the rows, by key in the order of numbers, as they are now', async () => {
      await client.query(`DELETE FROM s.awkward WHERE id = 9; UPDATE s.awkward SET bytes = '\\x00fe' WHERE id = 10;
        INSERT INTO s.awkward (id, v) VALUES (100, E'tab\\there\\nand there')`);
      const found = await narrowed('s.awkward');
      expect(found).toMatchObject({ table: 's.awkward', against: '52 rows kept at the baseline', differing: '3' });
      expect(found.rows.map(({ key, how }) => [key, how])).toEqual([
        ['9', 'missing'],
        ['10', 'changed'],
        ['100', 'added'],
      ]);
      expect(found.rows[0]?.now).toBeUndefined();
      expect(found.rows[1]?.now).toContain('(10,');
      expect(found.rows[2]?.now).toContain('tab\there\nand there');
    });

    it('names a key of several columns, and rows without a key by their text and how many', async () => {
      await client.query("UPDATE s.two SET v = 0 WHERE a = 3; DELETE FROM s.keyless WHERE a = 'a'");
      expect((await narrowed('s.two')).rows).toEqual([{ key: '(3,b3)', how: 'changed', now: '(3,b3,0)' }]);
      expect(await narrowed('s.keyless')).toMatchObject({
        differing: '2',
        rows: [{ key: '(a,1)', how: 'missing', times: 2 }],
      });
    });

    it('compares a table that was too large to keep with a member that has it as it was, bucket by bucket', async () => {
      await client.query('CREATE DATABASE other TEMPLATE template0');
      const equal = async () => {
        const port = (client as unknown as { port: number }).port;
        const one = new Client({
          host: '127.0.0.1',
          port,
          user: 'postgres',
          password: 'only-for-this-test',
          database: 'other',
        });
        await one.connect();
        return one;
      };
      const there = await equal();
      await there.query(`CREATE SCHEMA s; CREATE TABLE s.keyed (id integer PRIMARY KEY, t text);
        INSERT INTO s.keyed SELECT i, 'row ' || i FROM generate_series(1, 1000) i`);
      await createStoredDigests(there);
      await there.end();
      await client.query("UPDATE s.keyed SET t = 'other' WHERE id = 500; DELETE FROM s.keyed WHERE id = 77");
      expect((await narrowed('s.keyed')).limit).toContain('there is no other member');
      expect((await narrowed('s.keyed', [{ name: 'itself', connect }])).limit).toContain('on itself it differs too');
      const found = await narrowed('s.keyed', [{ name: 'db2', connect: equal }]);
      expect(found).toMatchObject({ against: 'db2, where it is as it was', differing: '2' });
      expect(found.limit).toBeUndefined();
      expect(found.rows).toEqual([
        { key: '77', how: 'missing' },
        { key: '500', how: 'changed', now: '(500,other)' },
      ]);
    });
  });
});

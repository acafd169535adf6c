import { Client } from 'pg';
import { removeRun } from '../../engine/cleanup';
import { connectEngine } from '../../engine/connect';
import { dockerDirectory, ensureImages } from '../../engine/images';
import { startSinglePostgres } from '../../engine/single-postgres';
import { newId } from '../../run/ids';
import { until } from '../../run/until';
import { collectContent } from './content';

jest.setTimeout(300_000);

describe('content › fingerprints in a real server', () => {
  const run = newId();
  const signal = new AbortController().signal;
  let client: Client;
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
    client = await until('query answered', { signal, deadlineScale: 1 }, async () => {
      const one = new Client({
        host: '127.0.0.1',
        port,
        user: 'postgres',
        password: 'only-for-this-test',
        database: 'postgres',
      });
      await one.connect();
      return one;
    });
    await client.query(`
      CREATE SCHEMA s;
      CREATE TABLE s.keyed (id integer PRIMARY KEY, t text);
      INSERT INTO s.keyed SELECT i, 'row ' || i FROM generate_series(1, 1000) i;
      CREATE TABLE s.keyless (t text);
      INSERT INTO s.keyless VALUES ('a'), ('a'), ('b'), (NULL), ('');
      CREATE SEQUENCE s.free;
      CREATE TABLE s.counted (id serial PRIMARY KEY);
      INSERT INTO s.counted SELECT FROM generate_series(1, 5);
      CREATE UNLOGGED TABLE s.unlogged (id integer);`);
  });

  afterAll(async () => {
    await client?.end();
    await remove();
  });

  const changed = async (sql: string) => {
    const before = await collectContent(client);
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('COMMIT');
    return { before, after: await collectContent(client) };
  };

  it('says the same twice, and leaves unlogged tables out', async () => {
    const { before, after } = await changed('SELECT 1');
    expect(after).toEqual(before);
    expect(Object.keys(before.tables).sort()).toEqual(['s.counted', 's.keyed', 's.keyless']);
    expect(before.tables['s.keyed']?.rows).toBe('1000');
    expect(Object.keys(before.tables['s.keyed']?.buckets ?? {})).toHaveLength(16);
  });

  it('does not see the order of rows: a rewritten table is the same', async () => {
    const { before, after } = await changed(
      "UPDATE s.keyed SET t = t WHERE id % 3 = 0; UPDATE s.keyless SET t = t WHERE t = 'a'",
    );
    expect(after.tables).toEqual(before.tables);
  });

  it('sees one changed row, and in which bucket', async () => {
    const { before, after } = await changed("UPDATE s.keyed SET t = 'other' WHERE id = 500");
    const keyed = (content: typeof before) => content.tables['s.keyed']!;
    expect(keyed(after).rows).toBe(keyed(before).rows);
    expect(keyed(after).sum).not.toBe(keyed(before).sum);
    const differing = Object.keys(keyed(before).buckets!).filter(
      (name) => keyed(before).buckets![name]!.sum !== keyed(after).buckets![name]!.sum,
    );
    expect(differing).toHaveLength(1);
  });

  it('counts pairs of equal rows: removing both is seen, and NULL is not the empty text', async () => {
    const pair = await changed("DELETE FROM s.keyless WHERE t = 'a'");
    expect(pair.after.tables['s.keyless']).not.toEqual(pair.before.tables['s.keyless']);
    const nothing = await changed("UPDATE s.keyless SET t = '' WHERE t IS NULL");
    expect(nothing.after.tables['s.keyless']?.sum).not.toBe(nothing.before.tables['s.keyless']?.sum);
  });

  it('does not depend on the settings of the session or the database', async () => {
    const { before, after } = await changed(
      "ALTER DATABASE postgres SET DateStyle = 'German'; SET TimeZone = 'Asia/Bangkok'; SET bytea_output = 'escape'",
    );
    expect(after).toEqual(before);
  });

  it('tells a sequence that is behind its column', async () => {
    expect((await collectContent(client)).sequences['s.counted_id_seq']).toEqual({
      lastValue: '5',
      behindColumn: false,
    });
    await client.query("SELECT setval('s.counted_id_seq', 3)");
    expect((await collectContent(client)).sequences['s.counted_id_seq']).toEqual({
      lastValue: '3',
      behindColumn: true,
    });
    expect((await collectContent(client)).sequences['s.free']?.behindColumn).toBe(false);
  });

  it.each([
    ['a column', 'ALTER TABLE s.keyed ADD COLUMN extra integer'],
    ['a default', "ALTER TABLE s.keyed ALTER COLUMN t SET DEFAULT 'x'"],
    ['an index', 'CREATE INDEX ON s.keyed (t)'],
    ['a constraint', 'ALTER TABLE s.keyed ADD CHECK (id > 0)'],
    ['a view', 'CREATE VIEW s.v AS SELECT 1 AS one'],
    ['a function', "CREATE FUNCTION s.f() RETURNS integer LANGUAGE sql AS 'SELECT 1'"],
    [
      'a trigger',
      'CREATE TRIGGER t BEFORE UPDATE ON s.keyed FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
    ],
  ])('sees a change of the schema: %s', async (_, sql) => {
    const { before, after } = await changed(sql);
    expect(after.schema).not.toBe(before.schema);
  });
});

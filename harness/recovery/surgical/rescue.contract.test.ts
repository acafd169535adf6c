import { Client } from 'pg';
import { removeRun } from '../../engine/cleanup';
import { connectEngine } from '../../engine/connect';
import type { Container } from '../../engine/container';
import { dockerDirectory, ensureImages } from '../../engine/images';
import { startSinglePostgres } from '../../engine/single-postgres';
import { PgdrillError } from '../../record/errors';
import { newId } from '../../run/ids';
import { until } from '../../run/until';
import { planRescue, type RescuePlan } from '../plan/surgical';
import type { RescueRequest } from '../plan/surgical-facts';
import { quotedTableName, tableNamed } from '../plan/surgical-names';
import { rescueShape } from '../plan/surgical-shape';
import { RescueSql } from '../plan/surgical-sql';
import { bringBack } from './bring-back';
import { readTable } from './read-table';
import { compareRows, stageRows } from './stage';

jest.setTimeout(300_000);

const PASSWORD = 'only-for-this-test';

/** Two databases of one server stand for the server aside and the leader; both begin with this. */
const SCHEMA = `
  CREATE SCHEMA s;
  CREATE COLLATION s.loose (provider = icu, locale = 'und');
  CREATE TYPE s.mood AS ENUM ('good', 'bad');
  CREATE TABLE s.customer (id integer PRIMARY KEY, name text);
  CREATE TABLE s.orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer integer REFERENCES s.customer, note text, js json, m s.mood,
    num numeric, at timestamptz, twice bigint GENERATED ALWAYS AS (id * 2) STORED, parent bigint REFERENCES s.orders);
  CREATE TABLE s.line (ord bigint REFERENCES s.orders ON DELETE CASCADE, n integer, PRIMARY KEY (ord, n));
  CREATE TABLE s.named (name text COLLATE s.loose, part integer, v text, PRIMARY KEY (name, part));
  CREATE TABLE s.keyless (a text);
  CREATE INDEX orders_note ON s.orders (note);
  CREATE TABLE s.log (what text);
  CREATE FUNCTION s.logged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO s.log VALUES (TG_OP); RETURN coalesce(NEW, OLD); END $$;
  CREATE TRIGGER audit BEFORE INSERT OR UPDATE OR DELETE ON s.orders FOR EACH ROW EXECUTE FUNCTION s.logged();
  ALTER TABLE s.orders ENABLE ALWAYS TRIGGER audit;
  INSERT INTO s.customer SELECT g, 'c' || g FROM generate_series(1, 10) AS g;
  INSERT INTO s.orders (customer, note, js, m, num, at, parent)
    SELECT 1 + g % 10, CASE WHEN g % 7 = 0 THEN NULL ELSE 'n' || g END, '{"a": 1}', 'good', 1.0, '2026-01-01 00:00+00', CASE WHEN g > 1 THEN g - 1 END
    FROM generate_series(1, 100) AS g;
  INSERT INTO s.line SELECT id, 1 FROM s.orders;
  INSERT INTO s.named SELECT 'ä' || g, g, 'v' FROM generate_series(1, 5) AS g;
  INSERT INTO s.keyless VALUES ('a'), ('a');
  TRUNCATE s.log;`;

describe('a rescue › on a real server', () => {
  const run = newId();
  const signal = new AbortController().signal;
  let container: Container;
  let port: number;
  let admin: Client;
  let remove: () => Promise<unknown> = () => Promise.resolve();
  let number = 0;
  const open: Client[] = [];

  const connect = async (database: string) => {
    const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password: PASSWORD, database });
    client.on('error', () => undefined);
    await client.connect();
    open.push(client);
    return client;
  };

  beforeAll(async () => {
    const engine = await connectEngine();
    remove = () => removeRun(engine, run);
    const { node } = await ensureImages(engine, 'bookworm', ['node'], {
      dockerDir: dockerDirectory(),
      progress: () => undefined,
      signal,
      deadlineScale: 1,
    });
    container = await startSinglePostgres(engine, {
      run,
      name: `pgdrill-${run}-single`,
      image: node,
      password: PASSWORD,
    });
    port = await container.hostPort(5432);
    admin = await until('query answered', { signal, deadlineScale: 3 }, () => connect('postgres'));
    await admin.query('CREATE DATABASE origin');
    await (await connect('origin')).query(SCHEMA);
    await open.pop()!.end();
  });

  afterEach(async () => {
    for (const client of open.splice(1)) await client.end();
  });

  afterAll(async () => {
    await admin?.end();
    await remove();
  });

  /** Leader and server aside as they were before an accident, each with what happened since. */
  async function pair(accident: string, atTarget = ''): Promise<[aside: Client, leader: Client, asideName: string]> {
    number += 1;
    const names = [`aside${number}`, `leader${number}`];
    for (const name of names) await admin.query(`CREATE DATABASE ${name} TEMPLATE origin`);
    const [aside, leader] = [await connect(names[0]!), await connect(names[1]!)];
    if (atTarget !== '') await aside.query(atTarget);
    await leader.query(accident);
    return [aside, leader, names[0]!];
  }

  async function rescue(
    [aside, leader, asideName]: [Client, Client, string],
    ask: Pick<RescueRequest, 'into'> & { table?: string; where?: string; newTable?: string },
    between?: (plan: RescuePlan) => Promise<unknown>,
  ) {
    const { newTable, table = 's.orders', ...more } = ask;
    const request: RescueRequest = {
      target: { kind: 'latest' },
      backup: 'auto',
      targetTimeline: 1,
      database: 'x',
      table: tableNamed(table),
      ...(newTable === undefined ? {} : { newTable: tableNamed(newTable) }),
      ...more,
    };
    const from = quotedTableName(request.table);
    const facts = {
      leader: 'db1',
      aside: await readTable(aside, request.table),
      there: await readTable(leader, request.table),
      newTableThere: false,
    };
    const shape = rescueShape(request, facts);
    const sql = new RescueSql(shape, request.into, request.where);
    const known = (shape.create ? facts.aside : facts.there)!;
    await leader.query('BEGIN');
    let plan: RescuePlan;
    try {
      await stageRows(aside, leader, sql, from);
      const rows = await compareRows(leader, sql, shape, known, known);
      const undecided = (await aside.query<{ rows: string }>(sql.undecided(from))).rows[0]!.rows;
      plan = planRescue(request, facts, shape, { ...rows, undecided });
    } finally {
      await leader.query('ROLLBACK');
    }
    await between?.(plan);
    const expected = await stageRows(aside, leader, sql, from);
    const dump = async (section: string) =>
      (
        await container.exec(
          [
            'env',
            `PGPASSWORD=${PASSWORD}`,
            '/usr/lib/postgresql/15/bin/pg_dump',
            '-U',
            'postgres',
            '-h',
            '127.0.0.1',
            '-s',
            `--section=${section}`,
            '-t',
            from,
            asideName,
          ],
          { check: true },
        )
      ).stdout;
    return { plan, sql, done: await bringBack({ leader, dump, sql, request, plan, table: known, expected }) };
  }

  const rowsOf = async (client: Client, table = 's.orders') =>
    (await client.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t ORDER BY 1`)).rows.map(
      ({ row }) => row,
    );
  const refusal = async (doing: Promise<unknown>): Promise<PgdrillError> => {
    const error: unknown = await doing.catch((caught: unknown) => caught);
    if (error instanceof PgdrillError) return error;
    throw new Error(`was not refused: ${String(error)}`);
  };

  const DAMAGE = `DELETE FROM s.orders WHERE id > 90; UPDATE s.orders SET note = 'X' WHERE id <= 10;
    INSERT INTO s.orders (customer, note) VALUES (1, 'later'); TRUNCATE s.log;`;

  test('keep › what is missing comes back, nothing else changes; identity, generated and self-referring columns too', async () => {
    const both = await pair(DAMAGE);
    const { done, plan } = await rescue(both, { into: 'keep' });
    expect(done).toMatchObject({ inserted: '10', updated: '0', removed: '0', left: '10' });
    expect(plan.samples.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['missing', 'differing', 'extra']));
    const rows = await rowsOf(both[1]);
    expect(rows).toHaveLength(101);
    expect(rows.filter((row) => row.includes(',X,'))).toHaveLength(10);
  });

  test('merge › rows that differ get their values; triggers do not fire, and are enabled as before', async () => {
    const both = await pair(DAMAGE);
    const { done } = await rescue(both, { into: 'merge' });
    expect(done).toMatchObject({ inserted: '10', updated: '10', removed: '0' });
    expect((await rowsOf(both[1])).filter((row) => !row.includes(',later,'))).toEqual(await rowsOf(both[0]));
    expect(await rowsOf(both[1], 's.log')).toEqual([]);
    const { rows } = await both[1].query("SELECT tgenabled::text AS enabled FROM pg_trigger WHERE tgname = 'audit'");
    expect(rows).toEqual([{ enabled: 'A' }]);
  });

  test('replace › the table is as it was; by predicate only what it chooses', async () => {
    const both = await pair(DAMAGE);
    expect((await rescue(both, { into: 'replace' })).done).toMatchObject({
      inserted: '10',
      updated: '10',
      removed: '1',
    });
    expect(await rowsOf(both[1])).toEqual(await rowsOf(both[0]));
    const some = await pair(DAMAGE);
    const { done } = await rescue(some, { into: 'replace', where: 'orders.id BETWEEN 5 AND 95 -- these' });
    expect(done).toMatchObject({ inserted: '5', updated: '6', removed: '0' });
  });

  test('a predicate that is NULL › its rows are not chosen, and counted', async () => {
    const { plan } = await rescue(await pair(DAMAGE), { into: 'merge', where: "note <> 'n1' AND id <= 50" });
    expect(plan.warnings.join()).toContain('of 7 rows');
  });

  test('a sequence that was set back › is moved on, one that is ahead stays', async () => {
    const both = await pair(`DELETE FROM s.orders WHERE id > 90; ALTER SEQUENCE s.orders_id_seq RESTART 5`);
    await rescue(both, { into: 'keep' });
    const next = async () =>
      (await both[1].query<{ id: string }>("INSERT INTO s.orders (note) VALUES ('next') RETURNING id")).rows[0]!.id;
    expect(await next()).toBe('101');
    const ahead = await pair(`DELETE FROM s.orders WHERE id > 90; ALTER SEQUENCE s.orders_id_seq RESTART 500`);
    await rescue(ahead, { into: 'keep' });
    const { rows } = await ahead[1].query("SELECT nextval('s.orders_id_seq') AS id");
    expect(rows).toEqual([{ id: '500' }]);
  });

  test('a key of several columns, with a collation of its own › is matched', async () => {
    const both = await pair(`DELETE FROM s.named WHERE part > 2; UPDATE s.named SET v = 'w'`);
    const { done } = await rescue(both, { into: 'merge', table: 's.named' });
    expect(done).toMatchObject({ inserted: '3', updated: '2' });
  });

  test('a table that is gone › comes back with its key, index, trigger, rights and sequence', async () => {
    const both = await pair('DROP TABLE s.orders CASCADE', 'GRANT SELECT ON s.orders TO public');
    const { done, plan } = await rescue(both, { into: 'keep' });
    expect(done.inserted).toBe('100');
    expect(await rowsOf(both[1])).toEqual(await rowsOf(both[0]));
    expect(plan.warnings.join()).toContain('line_ord_fkey');
    const [was, is] = [
      await readTable(both[0], tableNamed('s.orders')),
      await readTable(both[1], tableNamed('s.orders')),
    ];
    expect({ ...is, referencedBy: [] }).toEqual({ ...was, referencedBy: [] });
    const rights = 'SELECT relacl::text FROM pg_class WHERE oid = $1::regclass';
    expect((await both[1].query(rights, ['s.orders'])).rows).toEqual((await both[0].query(rights, ['s.orders'])).rows);
  });

  test('a table without a key › goes into one of its own', async () => {
    const both = await pair('DELETE FROM s.keyless');
    expect((await refusal(rescue(both, { into: 'keep', table: 's.keyless' }))).code).toBe('PGDRILL_RESCUE_SHAPE');
    const { done } = await rescue(both, { into: 'new-table', table: 's.keyless', newTable: 's.back' });
    expect(done.inserted).toBe('2');
    expect(await rowsOf(both[1], 's.back')).toEqual(['(a)', '(a)']);
  });

  test('foreign keys › parents that are gone and children that would be are refused with figures', async () => {
    const both = await pair(
      'DELETE FROM s.line; UPDATE s.orders SET parent = NULL; DELETE FROM s.orders WHERE id <= 20; DELETE FROM s.customer WHERE id = 5 AND NOT EXISTS (SELECT FROM s.orders WHERE customer = 5)',
    );
    await both[1].query('DELETE FROM s.orders WHERE customer = 5; DELETE FROM s.customer WHERE id = 5');
    const parents = await refusal(rescue(both, { into: 'keep' }));
    expect(parents.code).toBe('PGDRILL_RESCUE_PARENTS');
    expect(parents.what).toContain('10 rows refer by orders_customer_fkey');
    const later = await pair(
      "INSERT INTO s.orders (note) VALUES ('later'); INSERT INTO s.line VALUES (101, 1); DELETE FROM s.line WHERE ord = 7",
    );
    expect((await refusal(rescue(later, { into: 'replace' }))).code).toBe('PGDRILL_RESCUE_CHILDREN');
    expect(await rowsOf(later[1])).toHaveLength(101);
  });

  test('rows changed since they were shown › refused, and nothing is changed', async () => {
    const both = await pair(DAMAGE);
    const moved = rescue(both, { into: 'merge' }, () =>
      both[1].query("UPDATE s.orders SET note = 'Y' WHERE id BETWEEN 11 AND 20"),
    );
    expect((await refusal(moved)).code).toBe('PGDRILL_RESCUE_MOVED');
    expect(await rowsOf(both[1])).toHaveLength(91);
  });

  test('what PostgreSQL refuses › nothing is changed, and its words are told', async () => {
    const both = await pair(`${DAMAGE} ALTER TABLE s.orders ADD CONSTRAINT short CHECK (id < 95 OR note = 'later')`);
    const failed = await refusal(rescue(both, { into: 'keep' }));
    expect(failed.code).toBe('PGDRILL_RESCUE_FAILED');
    expect(failed.what).toContain('violates check constraint "short"');
    expect(await rowsOf(both[1])).toHaveLength(91);
  });
});

import type { PatroniNode } from '../../cluster/patroni-node';
import { bootForTests, type TestCluster } from '../../cluster/test-cluster';
import { compareLsn } from '../../formats/lsn';
import { parseWaldump } from '../../formats/waldump';
import { databaseDropNote } from '../../operations/database-drop';
import { ownCommits } from '../../operations/own-commits';
import type { Accident } from '../accident';
import { badMigration } from './bad-migration';
import { deleteAllRows } from './delete-all-rows';
import { dropDatabase } from './drop-database';
import { dropSchema } from './drop-schema';
import { dropTable } from './drop-table';
import { truncateTable } from './truncate';
import { updateWithoutWhere } from './update-without-where';

const database = 'shop';
/** Names that have to be quoted; four orders of two customers, one of them without a note. */
const tables = `
  CREATE SCHEMA "The book";
  CREATE TABLE "The book".customer (id integer PRIMARY KEY, name text);
  CREATE TABLE "The book"."Order" (
    id serial PRIMARY KEY, customer integer REFERENCES "The book".customer, price numeric(9,2), note text
  );
  INSERT INTO "The book".customer VALUES (1, 'ann'), (2, 'bob');
  INSERT INTO "The book"."Order" (customer, price, note) VALUES
    (1, 10, 'short'), (1, 10.25, 'rather long'), (2, 7.5, 'x'), (2, 1, NULL);
  CREATE VIEW "The book".dear AS SELECT price FROM "The book"."Order" WHERE price > 9;`;
const ORDER = 'The book.Order';

describe('logical accidents, on a real leader', () => {
  let booted: TestCluster;
  let leader: PatroniNode;

  const strike = (accident: Accident, where = database) =>
    accident.strike({ run: booted.run, cluster: booted.cluster, episode: 0, database: where });
  const orders = () => leader.value('SELECT count(*) FROM "The book"."Order"', database);

  beforeAll(async () => {
    booted = await bootForTests(1);
    leader = await booted.cluster.leader();
    await leader.query(`CREATE DATABASE ${database}`);
  });
  beforeEach(async () => {
    await leader.query(`DROP SCHEMA IF EXISTS "The book" CASCADE; ${tables}`, undefined, database);
  });
  afterAll(() => booted?.end());

  const view = 'DROP VIEW "The book".dear';
  test.each<[string, Accident, string | undefined, { expected: string; found: string }]>([
    [
      'delete',
      deleteAllRows(ORDER),
      undefined,
      { expected: `4 rows of ${ORDER} deleted, none left`, found: '4 deleted, 0 left' },
    ],
    [
      'drop table with what depends on it',
      dropTable(ORDER, { cascade: true }),
      undefined,
      { expected: `${ORDER} dropped, with 4 rows`, found: `no table ${ORDER}` },
    ],
    [
      'drop schema',
      dropSchema('The book'),
      undefined,
      { expected: 'schema The book dropped, with 2 tables', found: 'no schema, 0 of its tables left' },
    ],
    [
      'truncate with what points to it',
      truncateTable('The book.customer', { cascade: true }),
      undefined,
      { expected: '2 rows of The book.customer gone, none left', found: '0 left' },
    ],
    [
      'update',
      updateWithoutWhere(ORDER, { column: 'price', value: 10 }),
      undefined,
      {
        expected: `price of 3 of 4 rows of ${ORDER} overwritten, in none another value left`,
        found: '4 rows updated, 0 of 4 with another value',
      },
    ],
    [
      'update to nothing',
      updateWithoutWhere(ORDER, { column: 'note', value: null }),
      undefined,
      {
        expected: `note of 3 of 4 rows of ${ORDER} overwritten, in none another value left`,
        found: '4 rows updated, 0 of 4 with another value',
      },
    ],
    [
      'a migration that rounds',
      badMigration(ORDER, { column: 'price', type: 'integer' }),
      view,
      {
        expected: `price of ${ORDER} rewritten from numeric(9,2), 2 of 4 values cut`,
        found: 'integer in another file, values not what they were',
      },
    ],
    [
      'a migration that cuts',
      badMigration(ORDER, { column: 'note', type: 'varchar(5)', using: 'left(note, 5)' }),
      view,
      {
        expected: `note of ${ORDER} rewritten from text, 1 of 4 values cut`,
        found: 'character varying(5) in another file, values not what they were',
      },
    ],
  ])('%s › took effect, as one commit right after the moment before', async (_, accident, before, proof) => {
    if (before !== undefined) await leader.query(before, [], database);
    const incident = await strike(accident);
    expect(incident).toMatchObject({ member: leader.name, title: accident.title, proof: { took: true, ...proof } });
    const { timeline, lsn, xid } = incident.before;
    const [commit] = await ownCommits(leader, lsn, { timeline });
    expect(commit).toMatchObject({ xid: incident.xid, record: 'COMMIT' });
    expect(BigInt(incident.xid!)).toBeGreaterThanOrEqual(BigInt(xid));
  });

  test('truncate that sets its sequence back › the next row gets the first number again', async () => {
    await strike(truncateTable(ORDER, { restartIdentity: true }));
    expect(await leader.value('INSERT INTO "The book"."Order" DEFAULT VALUES RETURNING id', database)).toBe('1');
  });

  test.each<[string, Accident, string]>([
    ['an empty table truncated', truncateTable(ORDER), 'TRUNCATE "The book"."Order"'],
    [
      'a value that all have',
      updateWithoutWhere(ORDER, { column: 'price', value: 3 }),
      'UPDATE "The book"."Order" SET price = 3',
    ],
    ['a type with room for all', badMigration(ORDER, { column: 'id', type: 'bigint' }), 'SELECT 1'],
    ['a type that needs no rewrite', badMigration(ORDER, { column: 'note', type: 'varchar' }), 'SELECT 1'],
  ])('%s › the proof says that nothing was lost', async (_, accident, first) => {
    await leader.query(first, [], database);
    expect((await strike(accident)).proof.took).toBe(false);
  });

  test.each<[string, Accident, string]>([
    ['no such table', dropTable('The book.none'), '42P01'],
    ['no such column', badMigration(ORDER, { column: 'none', type: 'text' }), '42703'],
    ['a view depends on it', dropTable(ORDER), '2BP01'],
    ['a schema with something in it', dropSchema('The book', { cascade: false }), '2BP01'],
    ['a foreign key points to it', truncateTable('The book.customer'), '0A000'],
    ['no such database', dropDatabase({ database: 'none' }), '3D000'],
  ])('%s › is PostgreSQL’s own refusal, and all is as it was', async (_, accident, code) => {
    await expect(strike(accident)).rejects.toMatchObject({ code });
    expect(await orders()).toBe('4');
  });

  test('drop database › ends the sessions in it, and its begin is where the row is marked, before the files go', async () => {
    await leader.query('CREATE DATABASE "Doomed one"');
    const session = await leader.connect('Doomed one');
    const ended = new Promise((resolve) => session.once('end', resolve));
    await expect(strike(dropDatabase({ force: false }), 'Doomed one')).rejects.toMatchObject({ code: '55006' });
    const oid = await leader.value("SELECT oid FROM pg_database WHERE datname = 'Doomed one'");
    const incident = await strike(dropDatabase(), 'Doomed one');
    await ended;
    expect(incident).toMatchObject({
      accident: 'drop-database',
      title: 'DROP DATABASE Doomed one',
      proof: { took: true },
    });
    const { before, noted, proof, xid } = incident;
    const begin = noted![databaseDropNote]!;
    expect(proof.expected).toContain(`in base/${oid}`);
    expect(compareLsn(begin, before.lsn)).toBeGreaterThanOrEqual(0);
    const { stdout } = await leader.exec(
      [
        'env',
        'LC_ALL=C',
        'pg_waldump',
        '-p',
        `${leader.dataDir}/pg_wal`,
        '-t',
        String(before.timeline),
        '-s',
        begin,
        '-n',
        '1',
      ],
      { user: 'postgres', check: false },
    );
    expect(parseWaldump(stdout)).toMatchObject([{ rmgr: 'Heap', operation: 'INPLACE', lsn: begin }]);
    const [commit] = await ownCommits(leader, begin, { timeline: before.timeline, xid: xid! });
    expect(commit?.record).toBe('COMMIT');
    expect(compareLsn(begin, commit!.lsn)).toBe(-1);
  });
});

import type { Client } from 'pg';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { bootForTests, type TestCluster } from '../../cluster/test-cluster';
import type { MemberEvidence } from '../../record/evidence';
import { until } from '../../run/until';
import { ledgerDatabase, ledgerTables } from '../ledger/table';
import { makeReadingExtensions } from './extensions';
import { collectIntegrity } from './integrity';
import { observeMember } from './member';

/** Relations of each kind, with a value that goes to a TOAST table, and a foreign key. */
const SCHEMA = `
  CREATE SCHEMA s;
  CREATE TABLE s.parent (id integer PRIMARY KEY, filler text) WITH (autovacuum_enabled = off);
  INSERT INTO s.parent SELECT i, repeat('x', 200) FROM generate_series(1, 2000) i;
  CREATE TABLE s.child (id integer PRIMARY KEY, parent integer REFERENCES s.parent);
  INSERT INTO s.child SELECT i, i FROM generate_series(1, 2000) i;
  CREATE TABLE s.words (id integer PRIMARY KEY, tags text[], big text);
  INSERT INTO s.words SELECT i, ARRAY[md5(i::text), md5((i + 1)::text)], NULL FROM generate_series(1, 2000) i;
  UPDATE s.words SET big = (SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 2000)) WHERE id = 1;
  CREATE INDEX words_gin ON s.words USING gin (tags);
  CREATE INDEX words_hash ON s.words USING hash (id);
  CREATE INDEX words_brin ON s.words USING brin (id);
  CREATE MATERIALIZED VIEW s.seen AS SELECT id FROM s.child;
  CREATE SEQUENCE s.counter;`;

type Integrity = NonNullable<MemberEvidence['integrity']>;

describe('a member, area by area', () => {
  let booted: TestCluster;
  let cluster: Cluster;
  let leader: PatroniNode;
  let since: string;

  const observe = async (node: PatroniNode): Promise<MemberEvidence> =>
    observeMember(booted.run, cluster, node, {
      readAt: await leader.value('SELECT pg_current_wal_lsn()'),
      probe: 'asked',
      leads: node === leader,
      logSince: since,
      redact: (text) => booted.run.secrets.redact(text),
    });
  const integrityOf = async (node: PatroniNode, deadlineScale = 1): Promise<Integrity> => {
    const { signal } = booted.run;
    return collectIntegrity({ signal, deadlineScale }, node, ['postgres'], node === leader);
  };
  /**
   * Overwrites blocks of relations' first files with noise, with the server down. A standby begins again at its last
   * restart point, and the full page images behind it would heal what was spoiled: so there is one just before.
   */
  const spoilBlocks = async (node: PatroniNode, places: [relation: string, block: number][]): Promise<void> => {
    await leader.query('CHECKPOINT');
    const lsn = await leader.value('SELECT pg_current_wal_lsn()');
    await until('replay caught up', booted.run, () =>
      node.value(`SELECT nullif(pg_last_wal_replay_lsn() >= '${lsn}', false)`),
    );
    await node.query('CHECKPOINT');
    const commands: string[] = [];
    for (const [relation, block] of places) {
      const path = await leader.value(`SELECT pg_relation_filepath('${relation}')`);
      commands.push(`dd if=/dev/urandom of=${node.dataDir}/${path} bs=8192 seek=${block} count=1 conv=notrunc`);
    }
    await node.stopPatroni();
    await node.exec(['bash', '-c', commands.join(' && ')], { user: 'postgres' });
    await node.startPatroni();
    await cluster.awaitStreaming('members rejoined');
  };
  const inTransaction = async (sql: string, work: () => Promise<void>): Promise<void> => {
    const client: Client = await leader.connect();
    try {
      await client.query('BEGIN');
      await client.query(sql);
      await work();
    } finally {
      await client.end();
    }
  };

  beforeAll(async () => {
    booted = await bootForTests();
    cluster = booted.cluster;
    leader = await cluster.leader();
    await leader.use((client) => client.query(SCHEMA));
    await leader.query(`CREATE DATABASE ${ledgerDatabase} TEMPLATE template0`);
    await leader.use(async (client) => {
      await client.query('CREATE SCHEMA ledger');
      for (const table of ledgerTables) await client.query(table);
      await client.query("INSERT INTO ledger.probe VALUES ('asked')");
    }, ledgerDatabase);
    for (const database of ['postgres', ledgerDatabase]) await makeReadingExtensions(leader, database);
    await leader.query('CHECKPOINT');
    since = await leader.value('SELECT clock_timestamp()::text');
  });
  afterAll(() => booted?.end());

  test('a sound member › is read in every area, every relation of every kind in full', async () => {
    const relations = await leader.value(
      "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'i', 't', 'm', 'S') AND relpersistence = 'p'",
    );
    for (const member of await Promise.all(cluster.nodes.map(observe))) {
      expect(member.unread).toBeUndefined();
      expect(member).toMatchObject({
        probe: { expected: 'asked', found: 'asked' },
        ledger: '',
        databases: { postgres: { connects: true }, ledger: { connects: true }, template1: { connects: true } },
        integrity: {
          checksums: true,
          checksumFailures: 0,
          unreadable: [],
          notRead: [],
          invalidIndexes: [],
          amcheck: { errors: [] },
        },
      });
      expect(member.integrity!.relationsRead).toBeGreaterThan(Number(relations));
      expect(member.integrity!.amcheck.relations).toBeGreaterThan(200);
      expect(Object.keys(member.content ?? {})).toEqual(['postgres']);
      if (!member.inRecovery) expect(member.integrity!.foreignKeys).toEqual({ validated: 1, violated: [] });
    }
  });

  test('a lock in the way › is no damage: the relation is named as not read, all others are read', async () => {
    await inTransaction('LOCK TABLE s.child IN ACCESS EXCLUSIVE MODE', async () => {
      const seen = await integrityOf(leader, 0.1);
      expect(seen).toMatchObject({ unreadable: [], amcheck: { errors: [] }, checksumFailures: 0 });
      const named = seen.notRead!.map(({ relation }) => relation);
      expect(named).toContain('s.child');
      expect(named.filter((name) => !/s\.child/.test(name))).toEqual([]);
      expect(seen.notRead![0]!.why).toMatch(/^55P03: /);
      expect(seen.relationsRead).toBeGreaterThan(200);
    });
  });

  test('an invalid index and a broken foreign key › are named with the table and the row', async () => {
    await leader.query("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 's.words_brin'::regclass");
    await leader.use((client) =>
      client.query("SET session_replication_role = 'replica'; DELETE FROM s.parent WHERE id = 7"),
    );
    const seen = await integrityOf(leader);
    expect(seen.invalidIndexes).toEqual(['postgres: s.words_brin of s.words: not valid']);
    expect(seen.foreignKeys).toEqual({
      validated: 1,
      violated: ['postgres: child_parent_fkey of s.child: parent = 7 has no row in s.parent'],
    });
    await leader.query("UPDATE pg_index SET indisvalid = true WHERE indexrelid = 's.words_brin'::regclass");
    await leader.query("INSERT INTO s.parent VALUES (7, '')");
  });

  test('damaged pages of one replica › are named there and nowhere else, and every other area is read', async () => {
    const [replica] = cluster.others(leader.name);
    const toast = await leader.value("SELECT reltoastrelid::regclass FROM pg_class WHERE oid = 's.words'::regclass");
    await spoilBlocks(replica!, [
      ['s.parent', 3],
      ['s.parent', 5],
      ['s.words_gin', 1],
      [toast, 0],
    ]);
    const seen = await observe(replica!);
    expect(seen.integrity!.unreadable).toMatchObject([
      { database: 'postgres', relation: toast, of: 's.words', block: 0 },
      { database: 'postgres', relation: 's.parent', block: 3 },
      { database: 'postgres', relation: 's.parent', block: 5 },
      { database: 'postgres', relation: 's.words_gin', of: 's.words', block: 1 },
    ]);
    expect(seen.integrity!.unreadable[1]!.error).toMatch(/^XX001: invalid page in block 3 of relation base\/\d+\/\d+/);
    expect(seen.integrity).toMatchObject({ amcheck: { errors: [] }, notRead: [] });
    expect(seen.integrity!.checksumFailures).toBeGreaterThanOrEqual(4);
    // Only what the damage is in cannot be read, with the server's words.
    expect(Object.keys(seen.unread ?? {})).toEqual(['content']);
    expect(seen.unread!.content).toMatch(/^postgres: XX001: invalid page in block/);
    expect(seen).toMatchObject({ inRecovery: true, ledger: '', probe: { found: 'asked' } });
    for (const other of cluster.nodes.filter((node) => node !== replica)) {
      expect((await observe(other)).integrity).toMatchObject({ unreadable: [], amcheck: { errors: [] } });
    }
  });

  test('the log › has what the server said since, in order, and no secret', async () => {
    const [replica] = cluster.others(leader.name);
    const password = cluster.description.secrets.superuser;
    await replica!.query(`SELECT '${password}'::integer`).catch(() => undefined);
    const { log } = await observe(replica!);
    expect(log!.length).toBeLessThanOrEqual(60);
    expect(log!.some(({ line }) => /ERROR: {2}invalid page in block/.test(line))).toBe(true);
    expect(log!.at(-1)!.line).toMatch(/ERROR: {2}/);
    expect(JSON.stringify(log)).not.toContain(password);
    expect(JSON.stringify(log)).toMatch(/invalid input syntax for type integer: \\"</);
    expect(log!.map(({ at }) => at)).toEqual([...log!.map(({ at }) => at)].sort());
  });

  test('a server that takes no connection › is unreachable with the reason, and its log is kept', async () => {
    const [, replica] = cluster.others(leader.name);
    await replica!.stopPatroni();
    const seen = await observe(replica!);
    expect(seen.unreachable).toMatch(/ECONN|terminated|refused/);
    expect(seen.log!.some(({ line }) => /shut ?down/.test(line))).toBe(true);
    expect(seen.integrity).toBeUndefined();
  });
});

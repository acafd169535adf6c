import path from 'node:path';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { bootForTests, type TestCluster } from '../../cluster/test-cluster';
import { compareLsn } from '../../formats/lsn';
import { until } from '../../run/until';
import { readContent, takeBaseline, type TakenBaseline } from './baseline';
import { readContents } from './contents';
import { collectGlobals } from './globals';

const ROWS = 250_000;

describe('content of a leader and its standby', () => {
  let booted: TestCluster;
  let cluster: Cluster;
  let leader: PatroniNode;
  let standby: PatroniNode;
  let taken: TakenBaseline;
  const file = () => path.join(booted.run.dir, 'baseline-rows.tsv');

  const caughtUp = async () => {
    const lsn = await leader.value('SELECT pg_current_wal_insert_lsn()');
    await until('replay caught up', booted.run, async () => {
      return compareLsn(await standby.value('SELECT pg_last_wal_replay_lsn()'), lsn) >= 0;
    });
  };
  const contentsOf = async (node: PatroniNode) => {
    const unread: string[] = [];
    const seen = await readContents(booted.run, cluster, node, ['postgres'], taken, (why) => unread.push(why));
    return { ...seen, unread };
  };

  beforeAll(async () => {
    booted = await bootForTests(2);
    cluster = booted.cluster;
    leader = await cluster.leader();
    standby = cluster.others(leader.name)[0]!;
    await leader.use(async (client) => {
      await client.query(`CREATE SCHEMA s;
        CREATE TABLE s.large (id integer PRIMARY KEY, t text);
        INSERT INTO s.large SELECT i, 'row ' || i FROM generate_series(1, ${ROWS}) i;
        CREATE TABLE s.small (id integer PRIMARY KEY, t text);
        INSERT INTO s.small SELECT i, 'row ' || i FROM generate_series(1, 10) i;
        CREATE UNLOGGED TABLE s.unlogged (id integer);
        INSERT INTO s.unlogged VALUES (1);
        CREATE ROLE app LOGIN PASSWORD 'first' VALID UNTIL '2030-01-01'; GRANT pg_monitor TO app;
        ALTER ROLE app SET work_mem = '7MB'`);
      await client.query('VACUUM (FREEZE, ANALYZE)');
    });
    taken = await takeBaseline(booted.run, cluster, { rowsFile: file() });
    await caughtUp();
  });
  afterAll(() => booted?.end());

  test('both › are the same as the baseline, but for what a standby cannot read', async () => {
    const before = taken.baseline.databases['postgres'];
    expect(before?.tables['s.large']).toMatchObject({ rows: String(ROWS), method: 'columns-1-stored' });
    for (const node of [leader, standby]) {
      const { content, narrowed, unread } = await contentsOf(node);
      const { unlogged, ...rest } = content!['postgres']!;
      const { unlogged: unloggedBefore, ...restBefore } = before!;
      expect({ rest, narrowed, unread }).toEqual({ rest: restBefore, narrowed: undefined, unread: [] });
      expect(unloggedBefore).toEqual({ 's.unlogged': { rows: '1' } });
      expect(unlogged).toEqual(
        node === leader ? unloggedBefore : { 's.unlogged': { unreadable: 'a standby has no unlogged relations' } },
      );
    }
  });

  test('a standby › read again after a recovery conflict; refused when there is always one', async () => {
    await standby.query(`ALTER SYSTEM SET max_standby_streaming_delay = 0`);
    await standby.query('SELECT pg_reload_conf()');
    let snapshots = 0;
    // A row version that the snapshot still needs is cleaned away; replay does not wait for it.
    const conflict = async (): Promise<void> => {
      await leader.query(`UPDATE s.small SET t = t WHERE id = 1`);
      await leader.query('VACUUM s.small');
      await caughtUp();
    };
    const whenLast = (times: number) => ({
      table: async (_client: unknown, table: { name: string }) => {
        if (table.name !== 's.large') return;
        snapshots += 1;
        if (snapshots <= times) await conflict();
      },
    });
    const read = await readContent(booted.run, standby, 'postgres', {
      table: async (client, table, ...rest) => {
        await whenLast(1).table(client, table);
        void rest;
        await client.query('SELECT 1');
      },
    });
    expect(snapshots).toBe(2);
    expect(read.content.tables).toEqual(taken.baseline.databases['postgres']?.tables);
    snapshots = 0;
    const always = readContent(booted.run, standby, 'postgres', {
      table: async (client, table) => {
        await whenLast(Infinity).table(client, table);
        await client.query('SELECT 1');
      },
    });
    await expect(always).rejects.toThrow(/conflict with recovery|terminated|not queryable|Client was closed/);
    expect(snapshots).toBe(4);
    await standby.query('ALTER SYSTEM RESET max_standby_streaming_delay');
    await standby.query('SELECT pg_reload_conf()');
  });

  test('a difference › is narrowed to rows: from what was kept, from the other member, and to objects', async () => {
    // It only asks for it: what arrives until then is replayed (PostgreSQL documentation, "Recovery Control Functions").
    await standby.query('SELECT pg_wal_replay_pause()');
    await until('replay caught up', booted.run, async () => {
      return (await standby.value('SELECT pg_get_wal_replay_pause_state()')) === 'paused';
    });
    try {
      await leader.use(async (client) => {
        await client.query(`UPDATE s.large SET t = 'other' WHERE id = 123456; DELETE FROM s.large WHERE id IN (7, 70000);
          INSERT INTO s.small VALUES (11, 'new'); CREATE INDEX added ON s.small (t)`);
      });
      const { narrowed } = await contentsOf(leader);
      expect(narrowed?.tables).toEqual([
        {
          database: 'postgres',
          table: 's.large',
          against: `${standby.name}, where it is as it was`,
          differing: '3',
          rows: [
            { key: '7', how: 'missing' },
            { key: '70000', how: 'missing' },
            { key: '123456', how: 'changed', now: '(123456,other)' },
          ],
        },
        {
          database: 'postgres',
          table: 's.small',
          against: '10 rows kept at the baseline',
          differing: '1',
          rows: [{ key: '11', how: 'added', now: '(11,new)' }],
        },
      ]);
      expect(narrowed?.schemas).toEqual([
        {
          database: 'postgres',
          differing: 1,
          lines: [{ how: 'added', line: 'index CREATE INDEX added ON s.small USING btree (t)' }],
        },
      ]);
    } finally {
      await standby.query('SELECT pg_wal_replay_resume()');
    }
    await caughtUp();
    const { narrowed } = await contentsOf(standby);
    expect(narrowed?.tables[0]?.limit).toContain(`on ${leader.name} it differs too`);
    expect(narrowed?.tables[1]?.rows).toEqual([{ key: '11', how: 'added', now: '(11,new)' }]);
  });

  test('globals › equal on both; another password is seen, and nothing of either is told', async () => {
    const before = await collectGlobals(leader);
    expect(await collectGlobals(standby)).toEqual(before);
    expect(before.roles['app']).toMatch(
      /^login, valid until 2030-01-01 00:00:00\+00, member of pg_monitor, password [0-9a-f]{16}$/,
    );
    expect(Object.keys(before.settings)).toEqual(['*/app']);
    expect(JSON.stringify(before)).not.toMatch(/SCRAM|md5|7MB/);
    await leader.query("ALTER ROLE app PASSWORD 'second'");
    const after = await collectGlobals(leader);
    expect(after.roles['app']).not.toBe(before.roles['app']);
    expect({ ...after, roles: { ...after.roles, app: '' } }).toEqual({
      ...before,
      roles: { ...before.roles, app: '' },
    });
  });
});

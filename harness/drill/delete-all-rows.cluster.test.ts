import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { dump } from '../../fixtures/dump';
import { deleteAllRows } from '../accidents/logical/delete-all-rows';
import { walkWal } from '../backup/wal-walk';
import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import { bootForTests, type TestCluster } from '../cluster/test-cluster';
import { compareLsn } from '../formats/lsn';
import { microsTime } from '../formats/timestamptz';
import { walNameOf } from '../formats/wal-name';
import type { WalRecord } from '../formats/waldump';
import { switchover } from '../operations/switchover';
import type { Baseline } from '../record/fingerprint';
import type { Incident } from '../record/incident';
import { until } from '../run/until';
import { PhaseFailed } from './phase';
import { loadStage } from './stage';

const sample = path.join(__dirname, '../../fixtures/thai/sample-dump.sql');
const database = 'thai';

describe('a dump, loaded; then the accident and a switchover', () => {
  let booted: TestCluster;
  let cluster: Cluster;
  let baseline: Baseline;

  /** Rows of each table of the dump, as a member has them once it has replayed what the leader wrote. */
  const rowsOn = async (node: PatroniNode, lsn: string) => {
    await until('replay caught up', booted.run, async () => {
      if ((await node.inRecovery()) === false) return true;
      return compareLsn(await node.value("SELECT coalesce(pg_last_wal_replay_lsn(), '0/0')"), lsn) >= 0;
    });
    const counts: Record<string, number> = {};
    for (const table of Object.keys(copied()))
      counts[table] = Number(await node.value(`SELECT count(*) FROM ${table}`, database));
    return counts;
  };
  const rowsEverywhere = async () => {
    const lsn = await (await cluster.leader()).value('SELECT pg_current_wal_lsn()');
    return Promise.all(cluster.nodes.map((node) => rowsOn(node, lsn)));
  };
  const strike = (table: string): Promise<Incident> =>
    deleteAllRows(table).strike({ run: booted.run, cluster, episode: 0, database });

  beforeAll(async () => {
    booted = await bootForTests();
    cluster = booted.cluster;
    ({ baseline } = await loadStage(booted.run, cluster, dump(sample)));
  });
  afterAll(() => booted?.end());

  test('dump › every row of the file is on every member, and in the baseline', async () => {
    const expected = copied();
    expect(expected['book.tickets']).toBeGreaterThan(10);
    expect(await rowsEverywhere()).toEqual(cluster.nodes.map(() => expected));
    const tables = baseline.databases[database]!.tables;
    expect(Object.fromEntries(Object.entries(tables).map(([name, { rows }]) => [name, Number(rows)]))).toEqual(
      expected,
    );
    expect(baseline.databases[database]!.sequences['book.tickets_id_seq']).toMatchObject({ behindColumn: false });
  });

  test('dump › is not loaded over what is there, and a broken one is named with psql’s own words', async () => {
    const again = await loadStage(booted.run, cluster, dump(sample)).catch((error: unknown) => error);
    expect(again).toBeInstanceOf(PhaseFailed);
    expect((again as Error).cause).toMatchObject({ code: 'PGDRILL_DATASET_PRESENT' });
    const folder = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-test-'));
    try {
      const file = path.join(folder, 'broken.sql');
      const whole = readFileSync(sample, 'utf8').replaceAll(
        /^(CREATE DATABASE|ALTER DATABASE|\\connect) thai/gm,
        '$1 broken',
      );
      writeFileSync(file, whole.replace('CREATE TABLE book.ride (', 'CREATE TABEL book.ride ('));
      const broken = await loadStage(booted.run, cluster, dump(file)).catch((error: unknown) => error);
      expect((broken as Error).cause).toMatchObject({
        code: 'PGDRILL_DATASET_NOT_LOADED',
        what: expect.stringMatching(/syntax error at or near "TABEL"/) as string,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('delete-all-rows › the proof has the figures, every member has lost the rows, and no other table did', async () => {
    const expected = copied();
    const rows = expected['book.tickets']!;
    const leader = await cluster.leader();
    const incident = await strike('book.tickets');
    expect(incident).toMatchObject({
      accident: 'delete-all-rows',
      member: leader.name,
      before: { timeline: 1 },
      proof: {
        took: true,
        expected: `${rows} rows of book.tickets deleted, none left`,
        found: `${rows} deleted, 0 left`,
      },
    });
    expect(await rowsEverywhere()).toEqual(cluster.nodes.map(() => ({ ...expected, 'book.tickets': 0 })));
  });

  test('delete-all-rows › the moment before precedes the commit as time, as LSN and as xid', async () => {
    const leader = await cluster.leader();
    // A neighbour committed just before, which a recovery to that moment has to keep.
    const neighbour = await leader.value(
      "WITH made AS (INSERT INTO book.fam VALUES ('neighbour') RETURNING 1) SELECT pg_current_xact_id() FROM made",
      database,
    );
    const { before, xid, struckAt, proof } = await strike('book.seat');
    expect(proof.took).toBe(true);
    const segmentSize = await leader.segmentSize();
    await leader.query('SELECT pg_switch_wal()');
    const name = walNameOf(before.timeline, before.lsn, segmentSize);
    const segments = [{ name, file: `${leader.dataDir}/pg_wal/${name}` }];
    const since: WalRecord[] = [];
    await walkWal(booted.run, leader.container, segments, { user: 'postgres' }, (record) => {
      if (record.transaction && compareLsn(record.lsn, before.lsn) >= 0) since.push(record);
    });
    // From the LSN on the accident's commit is the first; the neighbour's lies before it.
    expect(since[0]?.transaction).toMatchObject({ action: 'COMMIT', xid });
    expect(since.map(({ transaction }) => transaction?.xid)).not.toContain(neighbour);
    const committed = since[0]!.transaction!.time;
    const neighbourTime = await leader.value(`SELECT pg_xact_commit_timestamp('${neighbour}'::xid)::text`);
    expect(microsTime(before.time)).toBeLessThan(microsTime(committed));
    expect(microsTime(before.time)).toBeGreaterThan(microsTime(neighbourTime));
    expect(BigInt(before.xid)).toBe(BigInt(neighbour) + 1n);
    expect(BigInt(xid!)).toBeGreaterThanOrEqual(BigInt(before.xid));
    expect(microsTime(struckAt)).toBeGreaterThan(microsTime(committed));
  });

  test('delete-all-rows › on an empty table the proof says that it did not take; on none it throws', async () => {
    expect((await strike('book.tickets')).proof).toEqual({
      took: false,
      expected: '0 rows of book.tickets deleted, none left',
      found: '0 deleted, 0 left',
    });
    await expect(strike('book.nothing')).rejects.toMatchObject({ code: '42P01' });
  });

  test('switchover › the leader moves, to the one named; the accident goes through the new one', async () => {
    const first = await cluster.leader();
    const target = cluster.others(first.name)[1]!.name;
    expect(await switchover(booted.run, cluster, target)).toEqual({ from: first.name, to: target });
    expect((await cluster.leader()).name).toBe(target);
    expect((await cluster.etcd.keys()).leader).toBe(target);
    await cluster.awaitStreaming('members rejoined');
    const incident = await strike('book.nam');
    expect(incident).toMatchObject({ member: target, before: { timeline: 2 }, proof: { took: true } });
    expect((await rowsEverywhere()).map((rows) => rows['book.nam'])).toEqual([0, 0, 0]);
  });

  test('switchover › to nobody and to the leader itself is refused with Patroni’s words, and nothing moves', async () => {
    const leader = await cluster.leader();
    const refusal = (words: RegExp) => ({
      code: 'PGDRILL_SWITCHOVER_REFUSED',
      what: expect.stringMatching(words) as string,
    });
    await expect(switchover(booted.run, cluster, 'nobody')).rejects.toMatchObject(
      refusal(/^Patroni answered 412: .*candidate/),
    );
    // Patroni 3.0 takes the leader itself for a candidate, and then fails with 503; later ones refuse with 400.
    await expect(switchover(booted.run, cluster, leader.name)).rejects.toMatchObject(
      refusal(/^Patroni answered (503|400): .*switchover/i),
    );
    expect((await cluster.leader()).name).toBe(leader.name);
  });
});

/** Rows of each table in the file, counted in its own text. */
function copied(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, table = '', rows = ''] of readFileSync(sample, 'utf8').matchAll(
    /^COPY (\S+) .* FROM stdin;\n([^]*?)^\\\.$/gm,
  ))
    counts[table] = rows.split('\n').length - 1;
  return counts;
}

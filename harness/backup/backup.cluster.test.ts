import path from 'node:path';
import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import { bootForTests, type TestCluster } from '../cluster/test-cluster';
import { compareLsn, parseLsn } from '../formats/lsn';
import { parseTimelineHistory, segmentsNeeded } from '../formats/timeline-history';
import { microsTime } from '../formats/timestamptz';
import { firstLsnOf, nextWalName, walNameOf } from '../formats/wal-name';
import type { WalRecord } from '../formats/waldump';
import type { BackupRef } from '../record/backup-ref';
import { until } from '../run/until';
import { clearSecondPieces, filesInError } from './end-pieces';
import { doneBackups, checkServer, listBackups, makeBackup, showBackup } from './base-backup';
import {
  archivedFileNames,
  archivedFiles,
  archivedHistory,
  awaitArchived,
  dumpTransactions,
  heldHistories,
  switchAndArchive,
} from './wal-archive';
import { walkWal } from './wal-walk';

describe('backup and archive', () => {
  let booted: TestCluster;
  let cluster: Cluster;
  let leader: PatroniNode;
  let backup: BackupRef;
  let segmentSize: number;
  /** xid and end of what `transactions` committed, rolled back and prepared, in order. */
  const made: { xid: string; action: string }[] = [];

  /** Barman's receiver. `barman cron` brings one of its own when it finds none, so the two stop together. */
  const receiving = async (command: 'start' | 'stop') => {
    await cluster.barman.exec(['supervisorctl', command, 'cron', 'receive-wal']);
    if (command === 'start') return;
    await cluster.barman.barman(['receive-wal', '--stop', cluster.barman.server], { check: false });
    await until('barman connected', booted.run, async () => !(await slot(leader))?.active);
  };
  const slot = async (node: PatroniNode) =>
    (
      await node.query<{ active: boolean; restart: string | null }>(
        "SELECT active, restart_lsn::text AS restart FROM pg_replication_slots WHERE slot_name = 'barman'",
      )
    )[0];
  const slotActive = async () =>
    until('barman connected', booted.run, async () => (await slot(await cluster.leader()))?.active);
  const archiver = async () => {
    const [row] = await leader.query<{ count: string; last: string | null; failed: string }>(
      'SELECT archived_count AS count, last_archived_wal AS last, failed_count AS failed FROM pg_stat_archiver',
    );
    return { count: Number(row!.count), last: row!.last ?? '', failed: Number(row!.failed) };
  };
  const settled = async () =>
    until('archive checked', booted.run, async () => (await checkServer(cluster)).length === 0, {
      seen: () => 'barman check still fails',
    });
  const segmentsFrom = async (name: string) =>
    (await archivedFiles(cluster.barman)).segments.filter(
      (segment) => segment >= name && segment.startsWith(name.slice(0, 8)),
    );

  beforeAll(async () => {
    booted = await bootForTests();
    cluster = booted.cluster;
    leader = await cluster.leader();
    segmentSize = await leader.segmentSize();
  });
  afterAll(() => booted?.end());

  test('makeBackup › ends with a backup that is usable, and Barman lists and shows the same', async () => {
    expect(await listBackups(cluster)).toEqual([]);
    backup = await makeBackup(booted.run, cluster);
    expect(backup).toMatchObject({
      server: 'patroni1',
      status: 'DONE',
      timeline: 1,
      systemIdentifier: await leader.value('SELECT system_identifier FROM pg_control_system()'),
    });
    expect(compareLsn(backup.beginLsn, backup.endLsn)).toBe(-1);
    expect(walNameOf(1, backup.beginLsn, segmentSize)).toBe(backup.beginWal);
    expect(Number(backup.bytes)).toBeGreaterThan(10_000_000);
    expect(await listBackups(cluster)).toEqual([{ id: backup.id, status: 'DONE' }]);
    const { durationMs, ...shown } = backup;
    expect(durationMs).toBeGreaterThan(0);
    expect(await showBackup(cluster, backup.id)).toEqual(shown);
    expect(await doneBackups(cluster)).toEqual([shown]);
    await cluster.barman.barman(['check-backup', cluster.barman.server, backup.id]);
    expect((await segmentsFrom(backup.beginWal)).slice(0, 1)).toEqual([backup.beginWal]);
    await settled();
  });

  test('dumpTransactions › the archive holds the transactions that were made, in order, with their times', async () => {
    const client = await leader.connect();
    const one = async (sql: string) =>
      Object.values<string>((await client.query<Record<string, string>>(sql)).rows[0] ?? {})[0] ?? '';
    await client.query('CREATE TABLE made (n integer PRIMARY KEY)');
    for (let n = 0; n < 20; n += 1) {
      await client.query('BEGIN');
      await client.query('INSERT INTO made VALUES ($1)', [n]);
      const action = n % 5 === 4 ? 'ABORT' : 'COMMIT';
      made.push({ xid: await one('SELECT pg_current_xact_id()::text AS xid'), action });
      await client.query(action === 'ABORT' ? 'ROLLBACK' : 'COMMIT');
      // Over several segments, so that reading goes across their borders.
      if (n % 6 === 5) await client.query('SELECT pg_switch_wal()');
    }
    await client.end();
    const last = await switchAndArchive(booted.run, cluster.barman, leader);
    const segments = await segmentsFrom(backup.beginWal);
    expect(segments.at(-1)).toBe(last);
    const { records, damaged } = await dumpTransactions(cluster.barman, segments, segmentSize);
    expect(damaged).toEqual([]);
    expect(endsOf(records, made)).toEqual(made);
    const committed = made.filter(({ action }) => action === 'COMMIT').map(({ xid }) => xid);
    const times = await leader.query<{ time: string }>(
      `SELECT pg_xact_commit_timestamp(x::xid)::text AS time FROM unnest($1::text[]) x`,
      [committed],
    );
    const archived = new Map(records.map(({ transaction }) => [transaction?.xid, transaction?.time]));
    expect(committed.map((xid) => microsTime(archived.get(xid) ?? ''))).toEqual(
      times.map(({ time }) => microsTime(time)),
    );
    // Read as one stream, from the archive and from the member's own WAL, it is the same.
    const streamed: WalRecord[] = [];
    const names = await archivedFileNames(cluster.barman);
    const walked = segments.map((name) => ({ name, file: names.get(name) ?? '' }));
    const end = await walkWal(booted.run, cluster.barman.container, walked, { user: 'barman' }, (record) => {
      streamed.push(record);
    });
    expect([end, streamed]).toEqual([null, records]);
    const own: WalRecord[] = [];
    const files = segments.map((name) => ({ name, file: `${leader.dataDir}/pg_wal/${name}` }));
    await walkWal(booted.run, leader.container, files, { user: 'postgres' }, (record) => own.push(record));
    expect(endsOf(own, made)).toEqual(made);
  });

  test('dumpTransactions › a flipped byte and a missing segment are reported, by segment', async () => {
    const segments = await segmentsFrom(backup.beginWal);
    const { records } = await dumpTransactions(cluster.barman, segments, segmentSize);
    const struck = records.find(({ transaction }) => transaction?.xid === made[9]!.xid)!;
    const segment = walNameOf(1, struck.lsn, segmentSize);
    const file = `${cluster.barman.home}/wals/${segment.slice(0, 16)}/${segment}`;
    const offset = Number(parseLsn(struck.lsn) % BigInt(segmentSize)) + 30;
    const flip = () =>
      cluster.barman.exec([
        'perl',
        '-e',
        'open F, "+<", $ARGV[0]; seek F, $ARGV[1], 0; read F, $b, 1; seek F, $ARGV[1], 0; print F chr(255 ^ ord $b)',
        file,
        String(offset),
      ]);
    await flip();
    const flipped = await dumpTransactions(cluster.barman, segments, segmentSize);
    await flip();
    expect(flipped.damaged).toEqual([
      { segment, error: expect.stringContaining('incorrect resource manager data checksum') },
    ]);
    expect(endsOf(flipped.records, made)).toEqual(made.slice(0, 9));

    await cluster.barman.exec(['mv', file, '/tmp/aside']);
    const gap = await dumpTransactions(cluster.barman, segments, segmentSize);
    await cluster.barman.exec(['mv', '/tmp/aside', file]);
    expect(gap.damaged.map((found) => found.segment)).toEqual([segment]);
    expect((await dumpTransactions(cluster.barman, segments, segmentSize)).damaged).toEqual([]);
  });

  test('both ways › archive_command alone delivers, with receive-wal stopped; barman check says what is missing', async () => {
    expect(await slotActive()).toBe(true);
    await receiving('stop');
    expect((await checkServer(cluster)).map(({ name }) => name)).toContain('receive wal running');
    const before = await archiver();
    const segment = await switchAndArchive(booted.run, cluster.barman, leader);
    const after = await archiver();
    expect(after.count).toBeGreaterThan(before.count);
    expect(after.failed).toBe(before.failed);
    expect(after.last >= segment).toBe(true);
    await receiving('start');
    await slotActive();
    await settled();
  });

  test('both ways › streaming alone delivers, with archive_command failing; nothing is lost or doubled after it', async () => {
    const before = await archiver();
    await leader.query("ALTER SYSTEM SET archive_command = 'false'");
    await leader.query('SELECT pg_reload_conf()');
    await until('query answered', booted.run, async () => (await leader.value('SHOW archive_command')) === 'false');
    const segment = await switchAndArchive(booted.run, cluster.barman, leader);
    expect((await archiver()).last < segment).toBe(true);
    await leader.query('ALTER SYSTEM RESET archive_command');
    await leader.query('SELECT pg_reload_conf()');
    await until('segment archived', booted.run, async () => (await archiver()).last >= segment);
    expect((await archiver()).count).toBeGreaterThan(before.count);
    // The second copy of the same file is no error to Barman.
    await cluster.barman.barman(['archive-wal', cluster.barman.server]);
    await settled();
    expect((await segmentsFrom(segment)).filter((name) => name === segment)).toEqual([segment]);
  });

  test('slot › survives receive-wal being away, and a switchover; all WAL arrives afterwards', async () => {
    await receiving('stop');
    // Patroni 3.0 drops a slot that it does not know at its next turn: let it turn several times.
    const turns = new Set<string>();
    const port = await leader.container.hostPort(8008);
    await until('leader elected', booted.run, async (signal) => {
      const answer = await fetch(`http://127.0.0.1:${port}/patroni`, { signal });
      turns.add(String(((await answer.json()) as { dcs_last_seen: number }).dcs_last_seen));
      return turns.size > 4;
    });
    expect(await slot(leader)).toMatchObject({ active: false, restart: expect.stringMatching(/\//) as string });

    const next = cluster.others(leader.name)[0]!;
    const command = ['patronictl', '-c', '/etc/patroni/patroni.yml', 'switchover', '--candidate', next.name, '--force'];
    await leader.exec(command);
    await until('switchover done', booted.run, async () => (await next.inRecovery()) === false);
    await cluster.awaitStreaming('members rejoined');
    leader = await cluster.leader();
    expect(leader.name).toBe(next.name);
    expect(await slot(leader)).toMatchObject({ active: false });
    await leader.query('INSERT INTO made VALUES (1000)');
    // Right after a failover the history has arrived, and nobody has archived it yet; cron stands still.
    await until('segment archived', booted.run, async () => (await heldHistories(cluster.barman)).length > 0);
    const arrived = [{ timeline: 2, text: await leader.history(2) }];
    expect(await heldHistories(cluster.barman)).toEqual(arrived);
    expect((await archivedFiles(cluster.barman)).histories).toEqual([]);
    expect(await archivedHistory(cluster.barman, 2)).toBe(arrived[0]!.text);
    await receiving('start');
    await slotActive();

    const last = await switchAndArchive(booted.run, cluster.barman, leader);
    await awaitArchived(booted.run, cluster.barman, '00000002.history');
    const files = await archivedFiles(cluster.barman);
    expect(files.histories).toEqual([2]);
    expect(await heldHistories(cluster.barman)).toEqual(arrived);
    const history = parseTimelineHistory(2, await leader.history(2));
    const end = firstLsnOf(nextWalName(last, segmentSize), segmentSize);
    const needed = segmentsNeeded(history, backup.beginLsn, end, segmentSize);
    expect(needed.filter((name) => !files.segments.includes(name))).toEqual([]);
    for (const timeline of ['00000001', '00000002']) {
      const own = needed.filter((name) => name.startsWith(timeline));
      expect((await dumpTransactions(cluster.barman, own, segmentSize)).damaged).toEqual([]);
    }
    await settled();
  });

  test('makeBackup › a second one, on the new timeline, is listed first', async () => {
    const second = await makeBackup(booted.run, cluster);
    expect(second).toMatchObject({ status: 'DONE', timeline: 2, systemIdentifier: backup.systemIdentifier });
    expect((await listBackups(cluster)).map(({ id }) => id)).toEqual([second.id, backup.id]);
  });

  test('clearSecondPieces › what came twice and is the same where it counts is taken out of errors, all else stays', async () => {
    const { barman } = cluster;
    const [left] = parseTimelineHistory(2, await leader.history(2)).ancestors;
    const name = `${walNameOf(1, left!.endLsn, segmentSize)}.partial`;
    const branch = `${barman.home}/wals/${name.slice(0, 16).replace(/^0{7}1/, '00000002')}/${name.slice(0, 24).replace(/^0{7}1/, '00000002')}`;
    const { stdout } = await barman.exec([
      'sh',
      '-c',
      'cd "$1/wals" && find . -name "*.backup" | head -n 1',
      'sh',
      barman.home,
    ]);
    const label = path.basename(stdout.trim());
    // The branch begins with its parent's bytes; each time something else lies behind them, and once before them, too.
    const deliver = async (file: string, script: string) => {
      const incoming = `${barman.home}/incoming/${file}`;
      await barman.exec(['sh', '-c', script, 'sh', branch, incoming], { user: 'barman' });
      await barman.barman(['archive-wal', barman.server]);
    };
    const bytes = String(parseLsn(left!.endLsn) % BigInt(segmentSize));
    for (const behind of ['a', 'b']) {
      await deliver(
        name,
        `{ head -c ${bytes} "$1"; yes ${behind} | head -c 1000; } > "$2"; truncate -s ${segmentSize} "$2"`,
      );
    }
    await deliver(label, ': > "$2"');
    expect((await checkServer(cluster)).map(({ name: line }) => line)).toContain('archiver errors');
    const cleared = await clearSecondPieces(barman, segmentSize);
    expect(cleared).toContainEqual(
      expect.stringContaining(`${name} came twice; the second, the same in all ${bytes} bytes`),
    );
    expect(cleared).toContainEqual(expect.stringContaining(`${label} came twice; the second, the same in all 0 bytes`));
    await settled();

    await deliver(name, `yes other | head -c ${segmentSize} > "$2"`);
    expect(await clearSecondPieces(barman, segmentSize)).toEqual([]);
    expect(await filesInError(barman)).toEqual([expect.stringMatching(new RegExp(`^${name}\\..+\\.duplicate$`))]);
  });
});

/** Ends of the transactions asked about, in WAL order; the server has some of its own in between. */
function endsOf(records: readonly WalRecord[], asked: readonly { xid: string }[]): { xid: string; action: string }[] {
  const wanted = new Set(asked.map(({ xid }) => xid));
  return records.flatMap(({ transaction }) =>
    transaction && wanted.has(transaction.xid) ? [{ xid: transaction.xid, action: transaction.action }] : [],
  );
}

import { archivedRecordAt, archivedXlogRecords, consistentLsnOf } from '../backup/archived-records';
import { makeBackup } from '../backup/base-backup';
import { archivedFiles, switchAndArchive } from '../backup/wal-archive';
import type { PatroniNode } from '../cluster/patroni-node';
import { bootForTests, type TestCluster } from '../cluster/test-cluster';
import { compareLsn } from '../formats/lsn';
import { restorePointName } from '../formats/waldump';
import type { BackupRef } from '../record/backup-ref';
import { markTable, type Mark } from '../record/incident';
import { commitBurst } from '../operations/commit-burst';
import { commitMark } from '../operations/commit-mark';
import type { Noted, Operation } from '../operations/operation';
import { restorePoint } from '../operations/restore-point';
import { commitsAtTime } from './commits-at-time';

describe('what targets are named by, on a real leader', () => {
  let booted: TestCluster;
  let leader: PatroniNode;
  let backup: BackupRef;
  let segmentSize: number;

  const run = async (operation: Operation): Promise<Noted> =>
    (await operation({ run: booted.run, cluster: booted.cluster, database: 'postgres' })) ?? {};
  const recordAt = async (mark: Mark) => {
    const { barman } = booted.cluster;
    await switchAndArchive(booted.run, barman, leader);
    return archivedRecordAt(barman, { timeline: 1, lsn: mark.lsn, segmentSize });
  };

  beforeAll(async () => {
    booted = await bootForTests(1);
    leader = await booted.cluster.leader();
    segmentSize = await leader.segmentSize();
    await leader.query(`CREATE DATABASE ${markTable.database}`);
    backup = await makeBackup(booted.run, booted.cluster);
  });
  afterAll(() => booted?.end());

  test('the end of a backup › is where its BACKUP_END lies, before the end that Barman gives', async () => {
    const consistent = await consistentLsnOf(booted.cluster.barman, backup, segmentSize);
    expect(compareLsn(consistent!, backup.beginLsn)).toBe(1);
    expect(compareLsn(consistent!, backup.endLsn)).toBe(-1);
    const other = { ...backup, beginLsn: '0/28' };
    expect(await consistentLsnOf(booted.cluster.barman, other, segmentSize)).toBeUndefined();
  });

  test('a mark › is its own commit record, in the leader’s WAL and in the archive', async () => {
    const { marks } = await run(commitMark("it's kept"));
    const [mark] = marks!;
    expect(mark).toMatchObject({ name: "it's kept", row: "it's kept" });
    const [row] = await leader.query<{ xid: string }>(
      `SELECT xmin::text AS xid FROM ${markTable.table} WHERE id = $1`,
      ["it's kept"],
      markTable.database,
    );
    expect(row?.xid).toBe(mark!.xid);
    expect((await recordAt(mark!))?.transaction).toEqual({ action: 'COMMIT', xid: mark!.xid, time: mark!.time });
    expect(await commitsAtTime(leader, 1, mark!.time)).toEqual([
      { lsn: mark!.lsn, xid: mark!.xid, time: mark!.time, record: 'COMMIT' },
    ]);
    expect(await commitsAtTime(leader, 1, '2001-01-01 00:00:00+00')).toEqual([]);
    expect(await commitsAtTime(leader, 1, '2101-01-01 00:00:00+00')).toEqual([]);
  });

  test('a burst › has two commits of one microsecond, which the plan can be told of', async () => {
    const { marks } = await run(commitBurst());
    const [before, first, second] = marks!;
    expect(marks!.map(({ name }) => name)).toEqual(['before', 'first', 'second']);
    expect(first!.time).toBe(second!.time);
    expect(before!.time < first!.time).toBe(true);
    expect([compareLsn(before!.lsn, first!.lsn), compareLsn(first!.lsn, second!.lsn)]).toEqual([-1, -1]);
    const shared = await commitsAtTime(leader, 1, first!.time);
    expect(shared.map(({ lsn }) => lsn)).toEqual(expect.arrayContaining([first!.lsn, second!.lsn]));
    expect((await recordAt(second!))?.transaction?.xid).toBe(second!.xid);
  });

  test('restore points of one name › are found in the archive, in order', async () => {
    await run(restorePoint('twice'));
    const { noted } = await run(restorePoint('twice'));
    await switchAndArchive(booted.run, booted.cluster.barman, leader);
    const { segments } = await archivedFiles(booted.cluster.barman);
    const all = await archivedXlogRecords(booted.cluster.barman, segments, ['RESTORE_POINT']);
    // Barman makes one of its own at the end of each backup.
    expect(all!.map(restorePointName)).toEqual([`barman_${backup.id}`, 'twice', 'twice']);
    const points = all!.slice(1);
    const gap = segments.filter((_, index) => index !== 1);
    expect(await archivedXlogRecords(booted.cluster.barman, [...gap, '0000000100000000000000FE'], [])).toBeUndefined();
    const end = noted!['end of restore point twice']!;
    const next = await archivedRecordAt(booted.cluster.barman, { timeline: 1, lsn: end, segmentSize });
    expect(next?.prev).toBe(points[1]?.lsn);
  });
});

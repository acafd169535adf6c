import { compareDigests, digestArchive } from '../backup/archive-digest';
import { makeBackup } from '../backup/base-backup';
import { ASIDE, restoreAside } from '../backup/restore-aside';
import { verifyBackup } from '../backup/verify-backup';
import { archivedFiles, switchAndArchive } from '../backup/wal-archive';
import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import { bootForTests, type TestCluster } from '../cluster/test-cluster';
import { findContainers } from '../engine/container';
import { observeArchive } from '../observe/collectors/archive';
import { compareArchive, noteArchive, type NotedArchive } from '../observe/collectors/source-archive';
import type { BackupRef } from '../record/backup-ref';
import type { RecoveryTarget } from '../record/recovery';
import { labels } from '../run/ids';

describe('the archive as evidence, and a backup restored aside', () => {
  let booted: TestCluster;
  let cluster: Cluster;
  let leader: PatroniNode;
  let backup: BackupRef;
  let noted: NotedArchive | undefined;
  /** Segments of the archive from the backup's begin on. */
  let segments: string[];

  const inBarman = (command: string) => cluster.barman.exec(['bash', '-c', `cd ${cluster.barman.home} && ${command}`]);
  const pathOf = (segment: string) => `wals/${segment.slice(0, 16)}/${segment}`;
  const observe = () => observeArchive(booted.run, cluster, { backup, freshBackup: backup.id, noted });
  /** Spoils files of the archive, looks, and puts everything back. */
  const spoiled = async <T>(command: string, look: () => Promise<T>): Promise<T> => {
    await inBarman('rm -rf /tmp/kept && mkdir /tmp/kept && cp -a wals base /tmp/kept/');
    await inBarman(command);
    try {
      return await look();
    } finally {
      // What was archived meanwhile stays, and so does Barman's index of it.
      await inBarman("rsync -aI --exclude='*xlog.db' /tmp/kept/ ./ && rm -f wals/*/*.partial");
    }
  };

  beforeAll(async () => {
    booted = await bootForTests(1);
    cluster = booted.cluster;
    leader = await cluster.leader();
    backup = await makeBackup(booted.run, cluster);
    await leader.query('CREATE TABLE kept (n integer PRIMARY KEY)');
    for (let n = 0; n < 5; n += 1) {
      await leader.query('INSERT INTO kept VALUES ($1)', [n]);
      await switchAndArchive(booted.run, cluster.barman, leader);
    }
    noted = await noteArchive(booted.run, cluster, backup.id);
    segments = (await archivedFiles(cluster.barman)).segments.filter((name) => name >= backup.beginWal);
  });
  afterAll(() => booted?.end());

  test('observeArchive › a sound archive: nothing missing, damaged or changed; what is received is named', async () => {
    const seen = await observe();
    expect(seen.segments).toEqual({ needed: expect.any(Number) as number, missing: [], damaged: [] });
    expect(seen.segments.needed).toBeGreaterThan(5);
    expect(seen.source).toMatchObject({ changed: [], gone: [], data: { backup: backup.id, sound: true } });
    expect(seen.source?.files).toBeGreaterThan(segments.length);
    expect(seen.partial?.endOfTimeline).toEqual([]);
    expect(seen.check).toMatchObject({ passed: true, failing: [] });
    expect(seen.slot).toMatchObject({ present: true, heldUntilLsn: expect.stringMatching(/\//) as string });
  });

  test('observeArchive › each of several damages is named, none hides another', async () => {
    const [, first = '', zeroed = '', gone = '', last = ''] = segments;
    const flip = (segment: string) =>
      `perl -e 'open F, "+<", $ARGV[0]; seek F, 60, 0; read F, $b, 1; seek F, 60, 0; print F chr(255 ^ ord $b)' ${pathOf(segment)}`;
    const seen = await spoiled(
      [
        flip(first),
        // A torn copy: from some place on there is nothing. At the end of WAL it would be right.
        `truncate -s 8192 ${pathOf(zeroed)} && truncate -s 16M ${pathOf(zeroed)} && dd if=/dev/zero of=${pathOf(zeroed)} bs=1 seek=40 count=8000 conv=notrunc`,
        `mv ${pathOf(gone)} ${pathOf(gone)}.partial`,
        flip(last),
      ].join(' && '),
      observe,
    );
    expect(seen.segments.missing).toEqual([gone]);
    expect(seen.segments.damaged.map(({ segment }) => segment)).toEqual([first, zeroed, last]);
    expect(seen.source?.changed).toEqual([first, zeroed, last].map(pathOf));
    expect(seen.source?.gone).toEqual([pathOf(gone)]);
    expect(seen.partial?.endOfTimeline).toEqual([`${gone}.partial`]);
  });

  test('compareArchive › a byte of the backup is told by its manifest, and the manifest by its own digest', async () => {
    const data = `base/${backup.id}/data`;
    const seen = await spoiled(`echo x >> ${data}/global/1262 && echo x >> ${data}/backup_manifest`, () =>
      compareArchive(booted.run, cluster, noted),
    );
    expect(seen?.changed).toEqual([`${data}/backup_manifest`]);
    expect(seen?.data?.sound).toBe(false);
    const file = await spoiled(`printf x | dd of=${data}/global/1262 bs=1 seek=100 conv=notrunc`, () =>
      verifyBackup(cluster.barman, backup.id),
    );
    expect(file.problems).toEqual([expect.stringContaining('global/1262')]);
    expect((await compareArchive(booted.run, cluster, noted))?.data).toEqual({
      backup: backup.id,
      sound: true,
      problems: [],
    });
  });

  test('restoreAside › stops between two rows, on a timeline of its own, and leaves nothing behind', async () => {
    await leader.query('INSERT INTO kept VALUES (100)');
    const lsn = await leader.value('SELECT pg_current_wal_insert_lsn()');
    await leader.query('INSERT INTO kept VALUES (200)');
    await switchAndArchive(booted.run, cluster.barman, leader);
    const before = await digestArchive(cluster.barman, backup.id);
    const target: RecoveryTarget = { kind: 'lsn', lsn, inclusive: false };
    const request = { backup: backup.id, target, timeline: 1 };
    const server = await restoreAside(booted.engine, booted.run, cluster, request);
    try {
      expect(server.failed).toBeUndefined();
      const rows = await server.node.query<{ n: number }>('SELECT n FROM kept ORDER BY n');
      expect(rows.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 100]);
      expect(await server.node.writtenTimeline()).toBe(2);
      expect(await server.node.history(2)).toContain(`1\t${lsn}\tbefore LSN ${lsn}`);
      expect(await server.node.serverLog()).toContain(`recovery stopping before WAL location (LSN) "${lsn}"`);
      expect(await server.node.value('SHOW archive_mode')).toBe('off');
      expect(await server.node.value('SHOW primary_conninfo').catch(() => '')).toBe('');
      // It is a server of its own: what is written there goes nowhere.
      await server.node.query('INSERT INTO kept VALUES (300)');
      await server.node.query('SELECT pg_switch_wal()');
      const reached = await server.node.exec(['bash', '-c', 'getent hosts barman etcd1 db1'], { check: false });
      expect(reached.stdout).toBe('');
    } finally {
      await server.remove();
    }
    expect(compareDigests(before, await digestArchive(cluster.barman, backup.id))).toEqual({ changed: [], gone: [] });
    expect((await archivedFiles(cluster.barman)).histories).toEqual([]);
    expect(await findContainers(booted.engine, { [labels.run]: booted.run.id, [labels.role]: ASIDE })).toEqual([]);
    expect((await leader.exec(['ls', '/var/lib/postgresql/15'])).stdout).toBe(`${leader.name}\n`);
    expect(await leader.query('SELECT n FROM kept WHERE n = 300')).toEqual([]);
  });

  test('restoreAside › too little WAL, and a backup that is gone, are told in the words of who failed', async () => {
    const target: RecoveryTarget = { kind: 'lsn', lsn: '0/FF000000', inclusive: false };
    const short = await restoreAside(booted.engine, booted.run, cluster, {
      backup: backup.id,
      target,
      timeline: 1,
    });
    await short.remove();
    expect(short.failed).toContain('recovery ended before configured recovery target was reached');
    const none = await restoreAside(booted.engine, booted.run, cluster, {
      backup: '20200101T000000',
      target,
      timeline: 1,
    });
    await none.remove();
    expect(none.failed).toContain('"barman recover" ended with');
  });
});

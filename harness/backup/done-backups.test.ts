import { PgdrillError } from '../record/errors';
import { parseDoneBackups } from './done-backups';

/** A `backup.info` as Barman 3.4 writes it, shortened to whole lines, behind the line that names it. */
function backupInfo(id: string, changed: Record<string, string> = {}): string {
  const info = {
    backup_label: String.raw`'START WAL LOCATION: 0/7000028 (file 000000010000000000000007)\nSTART TIMELINE: 1\n'`,
    begin_time: '2026-11-22 01:57:53.557176+00:00',
    begin_wal: '000000010000000000000007',
    begin_xlog: '0/7000028',
    end_time: '2026-11-22 01:57:54.466292+00:00',
    end_wal: '000000010000000000000008',
    end_xlog: '0/80032B8',
    error: 'None',
    mode: 'postgres',
    size: '44223318',
    status: 'DONE',
    systemid: '7710809191188144179',
    tablespaces: 'None',
    timeline: '1',
    ...changed,
  };
  const lines = Object.entries(info).map(([key, value]) => `${key}=${value}`);
  return [`== /var/lib/barman/patroni1/base/${id}/backup.info`, ...lines, ''].join('\n');
}

const begun = { begin_wal: 'None', end_wal: 'None', end_xlog: 'None', end_time: 'None', size: 'None' };

describe('backup.info of several backups', () => {
  test('two that are done › both, newest first', () => {
    const [newest, oldest, ...more] = parseDoneBackups(
      'patroni1',
      backupInfo('20261122T015753') +
        backupInfo('20261122T020000', { timeline: '3', tablespaces: "[('fast', 16400, '/srv/fast')]" }),
    );
    expect(more).toEqual([]);
    expect(oldest).toEqual({
      server: 'patroni1',
      id: '20261122T015753',
      status: 'DONE',
      systemIdentifier: '7710809191188144179',
      timeline: 1,
      beginLsn: '0/7000028',
      endLsn: '0/80032B8',
      beginWal: '000000010000000000000007',
      endWal: '000000010000000000000008',
      beginTime: '2026-11-22 01:57:53.557176+00:00',
      endTime: '2026-11-22 01:57:54.466292+00:00',
      bytes: '44223318',
    });
    expect(newest).toMatchObject({ timeline: 3, tablespaces: [{ name: 'fast', location: '/srv/fast' }] });
  });

  test.each(['EMPTY', 'STARTED', 'FAILED', 'SYNCING'])('%s, without an end › left out', (status) => {
    const text = backupInfo('20261122T015753', { ...begun, status }) + backupInfo('20261122T020000');
    expect(parseDoneBackups('patroni1', text).map(({ id }) => id)).toEqual(['20261122T020000']);
  });

  test('one that waits for its WAL › left out: nothing could be recovered from it', () => {
    expect(parseDoneBackups('patroni1', backupInfo('20261122T015753', { status: 'WAITING_FOR_WALS' }))).toEqual([]);
  });

  test('no backup › none', () => {
    expect(parseDoneBackups('patroni1', '')).toEqual([]);
  });

  test('one that is done and has no end › refused, with the file and what is missing', () => {
    const read = () => parseDoneBackups('patroni1', backupInfo('20261122T015753', { end_xlog: 'None' }));
    expect(read).toThrow(PgdrillError);
    expect(read).toThrow(/20261122T015753\/backup\.info does not describe a base backup: endLsn/);
  });
});

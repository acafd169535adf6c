import { parseBackupInfo } from '../formats/backup-info';
import { microsTime } from '../formats/timestamptz';
import { backupRefSchema } from '../record/backup-ref';
import { PgdrillError } from '../record/errors';
import { parseCheck, parseListBackups, parseShowBackup } from './barman-json';

/** Printed by Barman 3.4 on a real server, shortened to whole fields. */
const SHOW_BACKUP = `{"patroni1": {"backup_id": "20261121T063744", "base_backup_information": {"analysis_time": "less than one second",
  "analysis_time_seconds": 0, "begin_lsn": "0/4000028", "begin_offset": 40, "begin_time": "2026-11-21 06:37:44.127169+00:00",
  "begin_time_timestamp": "1795243064", "begin_wal": "000000010000000000000004", "copy_time": "2 seconds",
  "copy_time_seconds": 2.759921, "disk_usage": "22.3 MiB", "disk_usage_bytes": 23415153, "end_lsn": "0/5000000",
  "end_offset": 0, "end_time": "2026-11-21 06:37:46.923310+00:00", "end_time_timestamp": "1795243066",
  "end_wal": "000000010000000000000004", "incremental_size_ratio": "-0.00%", "number_of_workers": 1, "timeline": 1},
  "catalog_information": {"next_backup": "20261121T063833", "previous_backup": "- (this is the oldest base backup)",
  "retention_policy": "not enforced"}, "pgdata_directory": "/var/lib/postgresql/15/db2", "postgresql_version": 150020,
  "status": "DONE", "tablespaces": [], "wal_information": {"_WARNING": "WAL information is inaccurate",
  "last_available": "000000010000000000000006", "no_of_files": 2, "timelines": ["2", "3"]}}}`;

const BACKUP_INFO = `backup_label='START WAL LOCATION: 0/4000028 (file 000000010000000000000004)\\nSTART TIMELINE: 1\\n'
begin_wal=000000010000000000000004
status=DONE
systemid=7710510215079346229
timeline=1
`;

const LIST_BACKUPS = `{"patroni1": [{"backup_id": "20261121T063833", "end_time": "Sat Nov 21 06:38:36 2026",
  "end_time_timestamp": "1795243116", "retention_status": "-", "size": "42.0 MiB", "size_bytes": 43996246,
  "status": "DONE", "tablespaces": [], "wal_size": "16.0 MiB", "wal_size_bytes": 16777216},
  {"backup_id": "20261121T063744", "end_time": "Sat Nov 21 06:37:46 2026", "end_time_timestamp": "1795243066",
  "retention_status": "-", "size": "38.3 MiB", "size_bytes": 40192369, "status": "DONE", "tablespaces": [],
  "wal_size": "32.0 MiB", "wal_size_bytes": 33554432}]}`;

const CHECK_STOPPED = `{"patroni1": {"archiver_errors": {"hint": "", "status": "OK"},
  "backup_maximum_age": {"hint": "no last_backup_maximum_age provided", "status": "OK"},
  "postgresql": {"hint": "", "status": "OK"},
  "receive_wal_running": {"hint": "See the Barman log file for more details", "status": "FAILED"},
  "replication_slot": {"hint": "slot 'barman' not active: is 'receive-wal' running?", "status": "FAILED"},
  "wal_size": {"hint": "16.0 MiB", "status": "OK"}}}`;

const REFUSED = `{"_ERROR": ["Impossible to start the backup. Check the log for more details, or run 'barman check patroni1'"]}`;

const json = (text: string): unknown => JSON.parse(text);
const info = parseBackupInfo(BACKUP_INFO);

function refusalOf(call: () => unknown): PgdrillError {
  try {
    call();
  } catch (error) {
    if (error instanceof PgdrillError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('barman show-backup', () => {
  test('what Barman 3.4 prints › a backup, its system identifier from backup.info', () => {
    const backup = parseShowBackup('patroni1', json(SHOW_BACKUP), info);
    expect(backup).toEqual({
      server: 'patroni1',
      id: '20261121T063744',
      status: 'DONE',
      systemIdentifier: '7710510215079346229',
      timeline: 1,
      beginLsn: '0/4000028',
      endLsn: '0/5000000',
      beginWal: '000000010000000000000004',
      endWal: '000000010000000000000004',
      beginTime: '2026-11-21 06:37:44.127169+00:00',
      endTime: '2026-11-21 06:37:46.923310+00:00',
      bytes: '23415153',
    });
    expect(backupRefSchema.parse(backup)).toEqual(backup);
    expect(microsTime(backup.endTime) - microsTime(backup.beginTime)).toBe(2_796_141n);
  });

  test('a system identifier in the JSON › comes before that of backup.info', () => {
    const printed = SHOW_BACKUP.replace('"status": "DONE"', '"status": "DONE", "system_id": "42"');
    expect(parseShowBackup('patroni1', json(printed), info).systemIdentifier).toBe('42');
  });

  test('no system identifier anywhere › one that no cluster has, so that no plan takes it for its own', () => {
    expect(parseShowBackup('patroni1', json(SHOW_BACKUP), {}).systemIdentifier).toBe('0');
  });

  test('a backup that waits for WAL › says so', () => {
    const printed = SHOW_BACKUP.replace('"status": "DONE"', '"status": "WAITING_FOR_WALS"');
    expect(parseShowBackup('patroni1', json(printed), info).status).toBe('WAITING_FOR_WALS');
  });

  test('no size › none is made up', () => {
    const printed = SHOW_BACKUP.replace('"disk_usage_bytes": 23415153,', '');
    expect(parseShowBackup('patroni1', json(printed), info)).not.toHaveProperty('bytes');
  });
});

describe('barman list-backups', () => {
  test('in the order in which Barman prints them', () => {
    expect(parseListBackups('patroni1', json(LIST_BACKUPS))).toEqual([
      { id: '20261121T063833', status: 'DONE' },
      { id: '20261121T063744', status: 'DONE' },
    ]);
    expect(parseListBackups('patroni1', { patroni1: [] })).toEqual([]);
  });
});

describe('barman check', () => {
  test('what is not OK › by name, in words, with Barman’s hint', () => {
    expect(parseCheck('patroni1', json(CHECK_STOPPED))).toEqual([
      { name: 'receive wal running', hint: 'See the Barman log file for more details' },
      { name: 'replication slot', hint: "slot 'barman' not active: is 'receive-wal' running?" },
    ]);
  });

  test('all OK › nothing', () => {
    expect(parseCheck('patroni1', json(CHECK_STOPPED.replaceAll('FAILED', 'OK')))).toEqual([]);
  });

  test('a line without a hint › is told all the same', () => {
    expect(parseCheck('patroni1', { patroni1: { directories: { status: 'FAILED' } } })).toEqual([
      { name: 'directories', hint: '' },
    ]);
  });
});

describe('Barman’s JSON in another form', () => {
  test.each<[string, (output: unknown) => unknown]>([
    ['show-backup', (output) => parseShowBackup('patroni1', output, info)],
    ['list-backups', (output) => parseListBackups('patroni1', output)],
    ['check', (output) => parseCheck('patroni1', output)],
  ])('%s › refused with what was printed, never read as nothing', (command, parse) => {
    const bare = command === 'list-backups' ? LIST_BACKUPS : command === 'check' ? CHECK_STOPPED : SHOW_BACKUP;
    const wrong = [
      json(REFUSED),
      {},
      [],
      null,
      'text',
      { other: (json(bare) as { patroni1: unknown }).patroni1 },
      { patroni1: null },
    ];
    for (const output of wrong) {
      const error = refusalOf(() => parse(output));
      expect(error.code).toBe('PGDRILL_BARMAN_OUTPUT');
      expect(error.what).toContain(`barman ${command} `);
    }
    expect(refusalOf(() => parse(json(REFUSED))).what).toContain('Impossible to start the backup');
  });

  test('a missing field › refused', () => {
    const printed = json(SHOW_BACKUP.replace('"end_lsn": "0/5000000",', ''));
    expect(refusalOf(() => parseShowBackup('patroni1', printed, info)).code).toBe('PGDRILL_BARMAN_OUTPUT');
  });
});

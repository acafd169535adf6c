import { parseControlData } from './controldata';

/** Output of a stopped PostgreSQL 15 primary. */
const SHUT_DOWN = `
pg_control version number:            1300
Catalog version number:               202209061
Database system identifier:           7710500557774135825
Database cluster state:               shut down
pg_control last modified:             Sat Nov 21 06:00:10 2026
Latest checkpoint location:           0/5000028
Latest checkpoint's REDO location:    0/5000028
Latest checkpoint's REDO WAL file:    000000010000000000000005
Latest checkpoint's TimeLineID:       1
Latest checkpoint's PrevTimeLineID:   1
Latest checkpoint's full_page_writes: on
Latest checkpoint's NextXID:          0:740
Latest checkpoint's NextOID:          16395
Latest checkpoint's NextMultiXactId:  1
Latest checkpoint's NextMultiOffset:  0
Latest checkpoint's oldestXID:        716
Latest checkpoint's oldestXID's DB:   1
Latest checkpoint's oldestActiveXID:  0
Latest checkpoint's oldestMultiXid:   1
Latest checkpoint's oldestMulti's DB: 1
Latest checkpoint's oldestCommitTsXid:0
Latest checkpoint's newestCommitTsXid:0
Time of latest checkpoint:            Sat Nov 21 06:00:10 2026
Fake LSN counter for unlogged rels:   0/3E8
Minimum recovery ending location:     0/0
Min recovery ending loc's timeline:   0
Backup start location:                0/0
Backup end location:                  0/0
End-of-backup record required:        no
wal_level setting:                    logical
wal_log_hints setting:                off
max_connections setting:              100
max_worker_processes setting:         8
max_wal_senders setting:              10
max_prepared_xacts setting:           5
max_locks_per_xact setting:           64
track_commit_timestamp setting:       off
Maximum data alignment:               8
Database block size:                  8192
Blocks per segment of large relation: 131072
WAL block size:                       8192
Bytes per WAL segment:                16777216
Maximum length of identifiers:        64
Maximum columns in an index:          32
Maximum size of a TOAST chunk:        1996
Size of a large-object chunk:         2048
Date/time type storage:               64-bit integers
Float8 argument passing:              by value
Data page checksum version:           1
Mock authentication nonce:            0c5403480a97b997aecc3abbaa22db71b67d840b7f95a423e061009e443ca233
`;

describe('controldata', () => {
  it('reads what recovery asks for', () => {
    expect(parseControlData(SHUT_DOWN)).toEqual({
      pgControlVersion: 1300,
      catalogVersion: 202209061,
      systemIdentifier: '7710500557774135825',
      state: 'shut down',
      checkpointLsn: '0/5000028',
      redoLsn: '0/5000028',
      redoWalFile: '000000010000000000000005',
      timeline: 1,
      previousTimeline: 1,
      nextXid: '0:740',
      minRecoveryEndLsn: '0/0',
      minRecoveryEndTimeline: 0,
      backupStartLsn: '0/0',
      backupEndLsn: '0/0',
      endOfBackupRecordRequired: false,
      walLevel: 'logical',
      walLogHints: false,
      trackCommitTimestamp: false,
      blockSize: 8192,
      walBlockSize: 8192,
      walSegmentSize: 16777216,
      checksumVersion: 1,
    });
  });

  it('reads a standby', () => {
    const standby = SHUT_DOWN.replace('shut down', 'in archive recovery')
      .replace('Minimum recovery ending location:     0/0', 'Minimum recovery ending location:     0/3018910')
      .replace("Min recovery ending loc's timeline:   0", "Min recovery ending loc's timeline:   2")
      .replace('End-of-backup record required:        no', 'End-of-backup record required:        yes');
    expect(parseControlData(standby)).toMatchObject({
      state: 'in archive recovery',
      minRecoveryEndLsn: '0/3018910',
      minRecoveryEndTimeline: 2,
      endOfBackupRecordRequired: true,
    });
  });

  it('keeps every digit of the system identifier', () => {
    const other = SHUT_DOWN.replace('7710500557774135825', '18446744073709551615');
    expect(parseControlData(other).systemIdentifier).toBe('18446744073709551615');
  });

  it.each([
    [
      'another language',
      SHUT_DOWN.replace('Database cluster state', 'Datenbank-Cluster-Status'),
      /has no "Database cluster state"/,
    ],
    [
      'a state that it does not know',
      SHUT_DOWN.replace('shut down', 'unrecognized status code'),
      /no known cluster state/,
    ],
    ['a cut output', SHUT_DOWN.slice(0, 900), /has no/],
    [
      'an unreadable LSN',
      SHUT_DOWN.replace('checkpoint location:           0/5000028', 'checkpoint location:           5000028'),
      /LSN/,
    ],
    ['a number that is none', SHUT_DOWN.replace('16777216', '16MB'), /"Bytes per WAL segment"/],
    ['nothing', '', /has no "pg_control version number"/],
  ])('refuses %s', (_what, output, reason) => {
    expect(() => parseControlData(output)).toThrow(reason);
  });
});

import type { BackupRef } from '../../record/backup-ref';
import { PgdrillError } from '../../record/errors';
import type { MemberFacts, PitrFacts, PitrRequest } from './facts';

/** Facts for the tests of the planner: three members on timeline 3, two backups, WAL without a gap. */
export const SEGMENT_SIZE = 16 * 1024 * 1024;

/** As a promotion by hand and Patroni's start after it write it. */
export const HISTORY_OF_3 =
  '1\t0/5B925E8\tbefore 2026-11-21 06:37:50.960443+00\n\n\n2\t0/60000A0\tno recovery target specified\n';

const HISTORY_OF_2 = '1\t0/5B925E8\tbefore 2026-11-21 06:37:50.960443+00\n';

export const SAMPLE_ID = '20261121t064500-abcdef';
export const OLD_BACKUP = '20261121T063744';
export const NEW_BACKUP = '20261121T063833';

export function sampleBackup(change: Partial<BackupRef> = {}): BackupRef {
  return {
    server: 'patroni1',
    id: NEW_BACKUP,
    status: 'DONE',
    systemIdentifier: '7710510215079346229',
    timeline: 3,
    beginLsn: '0/9000028',
    endLsn: '0/A000000',
    beginWal: '000000030000000000000009',
    endWal: '000000030000000000000009',
    beginTime: '2026-11-21 06:38:33.441171+00:00',
    endTime: '2026-11-21 06:38:36.605027+00:00',
    bytes: '27219030',
    ...change,
  };
}

/** The backup from before both promotions. */
export function sampleOldBackup(change: Partial<BackupRef> = {}): BackupRef {
  return sampleBackup({
    id: OLD_BACKUP,
    timeline: 1,
    beginLsn: '0/4000028',
    endLsn: '0/5000000',
    beginWal: '000000010000000000000004',
    endWal: '000000010000000000000004',
    beginTime: '2026-11-21 06:37:44.127169+00:00',
    endTime: '2026-11-21 06:37:46.923310+00:00',
    ...change,
  });
}

export function sampleMember(name: string, change: Partial<MemberFacts> = {}): MemberFacts {
  return {
    name,
    leader: false,
    running: true,
    nofailover: false,
    dataDir: `/var/lib/postgresql/15/${name}`,
    freeBytes: 10_000_000_000n,
    ...change,
  };
}

export function sampleFacts(change: Partial<PitrFacts> = {}): PitrFacts {
  return {
    now: '2026-11-21 06:45:00.000000+00',
    scope: 'patroni1',
    namespace: '/service/',
    server: 'patroni1',
    systemIdentifier: '7710510215079346229',
    segmentSize: SEGMENT_SIZE,
    currentLsn: '0/C000148',
    timeline: 3,
    history: HISTORY_OF_3,
    members: [sampleMember('db1', { leader: true }), sampleMember('db2'), sampleMember('db3')],
    backups: [sampleBackup(), sampleOldBackup()],
    segments: [
      '000000010000000000000004',
      '000000020000000000000005',
      '000000030000000000000006',
      '000000030000000000000007',
      '000000030000000000000008',
      '000000030000000000000009',
      '00000003000000000000000A',
      '00000003000000000000000B',
    ],
    histories: [
      { timeline: 2, text: HISTORY_OF_2 },
      { timeline: 3, text: HISTORY_OF_3 },
    ],
    paused: false,
    synchronous: false,
    synchronousStrict: false,
    dataChecksums: true,
    walLogHints: true,
    standbyCluster: false,
    tablespaces: [],
    binDir: '/usr/lib/postgresql/15/bin',
    ...change,
  };
}

export function sampleRequest(change: Partial<PitrRequest> = {}): PitrRequest {
  return {
    target: { kind: 'time', time: '2026-11-21 06:44:00.123456+00', inclusive: true },
    id: SAMPLE_ID,
    backup: 'auto',
    targetTimeline: 3,
    mode: 'cluster',
    fence: 'now',
    walMethod: 'barman-wal-restore',
    pause: false,
    upToGap: false,
    keepOld: false,
    force: [],
    ...change,
  };
}

/** The refusal that a call ends with. @throws when it does not refuse */
export function refusalOf(call: () => unknown): PgdrillError {
  try {
    call();
  } catch (error) {
    if (error instanceof PgdrillError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

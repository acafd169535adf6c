import type { BackupRef } from '../record/backup-ref';
import type {
  ClusterEvidence,
  EpisodeEvidence,
  Evidence,
  LedgerEvidence,
  MemberEvidence,
  RestoredAside,
  SourceArchive,
} from '../record/evidence';
import type { Content, Globals } from '../record/fingerprint';
import type { Incident } from '../record/incident';
import type { LeaderTerm } from '../record/ledger';
import type { RecoveryResult } from '../record/recovery';
import type { RolesEvidence } from '../record/roles';
import { Spoiled } from './spoiled';

/**
 * Evidence of a default drill in which all went well, consistent to the last figure: three members; DELETE at 05:51:02
 * undone by PITR on db2, which left timeline 1 before the commit of 15870 at 0/7A1B420; promoted by hand to 2, by
 * Patroni to 3, and by one switchover to db1 to 4. For tests and for trying sabotages; every call gives a new copy.
 * @param vary changes the copy in place
 */
export function honestEvidence(vary?: (spoiled: Spoiled) => void): Evidence {
  const evidence = honest();
  vary?.(new Spoiled(evidence));
  return evidence;
}

function honest(): Evidence {
  return {
    format: 1,
    run: {
      id: '20261121-055040-delete-without-where-7',
      drill: 'delete-without-where',
      title: 'DELETE without WHERE, undone by PITR on an isolated replica',
      seed: 7,
      stack: 'bookworm',
      pgdrill: '0.1.0',
      deep: true,
      objectives: { lostWrites: 0 },
    },
    episodes: [episode()],
    secrets: {
      searched: MEMBERS.flatMap((name) => [`configuration of ${name}`, `log of ${name}`]),
      secrets: 7,
      found: [],
    },
    unreadable: [],
  };
}

const SYSTEM = '7574838383838383838';
const BOUNDARY = { lsn: '0/7A1B420', xid: '15870', time: '2026-11-21 05:51:02.131044+00', record: 'COMMIT' };
const LAST_KEPT = { lsn: '0/7A1B2F8', xid: '15871', time: '2026-11-21 05:51:02.117733+00' };
const TARGET_TIME = '2026-11-21 05:51:02.123456+00';
const HISTORIES = {
  '2': '1\t0/7A1B420\tbefore 2026-11-21 05:51:02.131044+00\n\n',
  '3': '1\t0/7A1B420\tbefore 2026-11-21 05:51:02.131044+00\n\n\n2\t0/7A1B500\tno recovery target specified\n',
  '4': '1\t0/7A1B420\tbefore 2026-11-21 05:51:02.131044+00\n\n\n2\t0/7A1B500\tno recovery target specified\n\n3\t0/A0000A0\tno recovery target specified\n',
};
const HELD = '1-5000,5645-6400';
const DATABASES = ['ledger', 'postgres', 'thai'];
const MEMBERS = ['db1', 'db2', 'db3'];

function episode(): EpisodeEvidence {
  return {
    expectation: { kind: 'recovered' },
    incident: incident(),
    recovery: recovery(),
    clusters: { main: cluster() },
    rtoWritesMs: 9800,
    rtoFullMs: 12500,
  };
}

function incident(): Incident {
  return {
    accident: 'delete-all-rows',
    title: 'DELETE FROM book.tickets',
    member: 'db1',
    before: { time: TARGET_TIME, lsn: '0/7A1B3C0', xid: '15866', timeline: 1 },
    struckAt: '2026-11-21 05:51:02.151002+00',
    xid: '15866',
    proof: { took: true, expected: 'no row in book.tickets', found: '0 rows, 20740 before' },
  };
}

function recovery(): RecoveryResult {
  return {
    strategy: 'isolated-node-pitr',
    plan: {
      strategy: 'isolated-node-pitr',
      target: { kind: 'time', time: TARGET_TIME, inclusive: true },
      targetTimeline: 1,
      backup: '20261121T055051',
      node: 'db2',
      others: ['db1', 'db3'].map((member) => ({ member, rejoin: 'copy', reason: 'it carries the accident' })),
      segments: [
        '000000010000000000000004',
        '000000010000000000000005',
        '000000010000000000000006',
        '000000010000000000000007',
      ],
      steps: [],
      warnings: [],
    },
    outcome: 'done',
    node: 'db2',
    fencedAt: '2026-11-21 05:51:05.700000+00',
    fence: MEMBERS.map((member) => ({ member, refused: 'connection refused' })),
    stop: [
      '2026-11-21 05:51:08.101 UTC [211] LOG:  recovery stopping before commit of transaction 15870, time 2026-11-21 05:51:02.131044+00',
      '2026-11-21 05:51:08.101 UTC [211] LOG:  redo done at 0/7A1B420 system usage: CPU: user: 0.10 s, system: 0.05 s, elapsed: 0.31 s',
      '2026-11-21 05:51:08.101 UTC [211] LOG:  last completed transaction was at log time 2026-11-21 05:51:02.117733+00',
    ],
    checkedThere: ['book.tickets: 20740 rows'],
    newTimeline: 2,
    branchLsn: '0/7A1B420',
    freshBackup: '20261121T055113',
    leaderSince: '2026-11-21 05:51:11.402113+00',
    rejoinedAt: '2026-11-21 05:51:14.651002+00',
    durationMs: 13_900,
  };
}

function cluster(): ClusterEvidence {
  return {
    scope: 'patroni1',
    systemIdentifier: SYSTEM,
    bootTimeline: 1,
    databases: [...DATABASES],
    baseline: { databases: { postgres: empty(), thai: thai('12') }, takenOn: 'db1' },
    globalsBefore: globals(),
    backup: backup('20261121T055051', 1, '0/4000028', '000000010000000000000004'),
    ledger: ledger(),
    dcs: { leader: 'db1', initialize: SYSTEM, leaderKeys: ['/service/patroni1/leader'], members: [...MEMBERS] },
    archive: {
      server: 'patroni1',
      segmentSize: 16 * 1024 * 1024,
      fromLsn: '0/4000028',
      toLsn: '0/B000000',
      segments: { needed: 7, missing: [], damaged: [] },
      histories: { ...HISTORIES },
      missingHistories: [],
      slot: { name: 'barman', present: true, active: true, restartLsn: '0/B000000', heldUntilLsn: '0/C000000' },
      check: { passed: true, failing: [], atFirst: [] },
      freshBackup: backup('20261121T055113', 3, '0/9000028', '000000030000000000000009'),
      source: source('20261121T055051', 5),
      partial: { receiving: ['00000004000000000000000B.partial'], endOfTimeline: ['000000010000000000000007.partial'] },
    },
    parentRecord: { ...BOUNDARY },
    branchRecords: {
      last: { lsn: '0/7A1B3E8', prev: '0/7A1B3C0', rmgr: 'Heap', operation: 'INSERT' },
      next: { lsn: BOUNDARY.lsn, prev: '0/7A1B3E8', rmgr: 'Transaction', operation: 'COMMIT', xid: BOUNDARY.xid },
    },
    switchover: {
      from: 'db2',
      to: 'db1',
      acknowledged: '5900-6000,6002-6400',
      missing: { db1: '', db2: '', db3: '' },
      durationMs: 2100,
    },
    roles: roles(),
    restoredAside: restoredAside(),
    members: { db1: member('db1'), db2: member('db2'), db3: member('db3') },
  };
}

/** The fresh backup, restored to the end of the WAL after the writers had stopped. */
function restoredAside(): RestoredAside {
  const point = '0/B012400';
  const history = `${HISTORIES['4']}\n4\t${point}\tbefore LSN ${point}\n`;
  const leader = member('db1');
  delete leader.rest;
  return {
    backup: '20261121T055113',
    target: { kind: 'lsn', lsn: point, inclusive: false },
    timeline: 4,
    parentHistory: HISTORIES['4'],
    due: HELD,
    stop: [
      `2026-11-21 05:51:31.101 UTC [44] LOG:  recovery stopping before WAL location (LSN) "${point}"`,
      '2026-11-21 05:51:31.101 UTC [44] LOG:  selected new timeline ID: 5',
    ],
    newTimeline: 5,
    history,
    source: source('20261121T055113', 9),
    member: { ...leader, timeline: 5, history, probe: { expected: 'aside before 7', found: 'aside before 7' } },
    durationMs: 5200,
  };
}

function source(backup: string, files: number): SourceArchive {
  const data = { backup, sound: true, problems: [] };
  return { files, bytes: String(files * 16 * 1024 * 1024), changed: [], gone: [], data };
}

function ledger(): LedgerEvidence {
  return {
    writers: 4,
    sent: 6400,
    acknowledged: 6395,
    before: '1-5000',
    discardedBefore: '5001-5640',
    discardedDuring: '',
    resumed: '5645-6000,6002-6400',
    indeterminate: '5641-5644,6001',
    unplaced: '',
    boundary: { ...BOUNDARY, timeline: 1, lastKept: { ...LAST_KEPT } },
    around: [
      { lsn: '0/7A1B0A8', xid: '15868', time: '2026-11-21 05:51:02.098111+00', record: 'COMMIT' },
      { lsn: '0/7A1B1D0', xid: '15869', time: '2026-11-21 05:51:02.105920+00', record: 'ABORT' },
      { ...LAST_KEPT, record: 'COMMIT' },
      { ...BOUNDARY },
      { lsn: '0/7A1B548', xid: '15872', time: '2026-11-21 05:51:02.138215+00', record: 'COMMIT' },
      { lsn: '0/7C40010', xid: '15866', time: '2026-11-21 05:51:02.151002+00', record: 'COMMIT' },
    ],
    lastAcknowledgedBeforeFence: '2026-11-21 05:51:05.612345+00',
    lastRecovered: LAST_KEPT.time,
    firstResumedAck: '2026-11-21 05:51:11.951002+00',
    tiesAtBoundary: 1,
    abandoned: '',
    multiRow: '8,16,29-30,4711,5012,5900,6100',
    placedOn: [
      { timeline: 1, commits: 5731 },
      { timeline: 3, commits: 361, untilLsn: '0/A0000A0' },
      { timeline: 4, commits: 402 },
    ],
    terms: terms(),
    load: { askedPerSecond: 100, reachedPerSecond: 98.4, writingMs: 64_990, cpuMs: 2710, peakRssBytes: 171_200_512 },
  };
}

/** db1 until the fence, db2 as the recovered leader, db1 again after the switchover. */
function terms(): LeaderTerm[] {
  const at = (time: string) => `2026-11-21 05:${time}+00`;
  const term = (member: string, timeline: number, first: string, last: string, acknowledged: number): LeaderTerm => ({
    member,
    timeline,
    firstAcknowledgedAt: at(first),
    lastAcknowledgedAt: at(last),
    lastSentAt: at(last.replace(/.$/, '0')),
    acknowledged,
  });
  return [
    term('db1', 1, '50:45.100001', '51:05.612345', 5640),
    term('db2', 3, '51:11.951002', '51:16.902117', 356),
    term('db1', 4, '51:18.310772', '51:22.480009', 399),
  ];
}

function roles(): RolesEvidence {
  const at = (time: string) => `2026-11-21 05:${time}+00`;
  const key = (time: string, revision: string, member?: string) => ({
    at: at(time),
    revision,
    ...(member === undefined ? {} : { member }),
  });
  const rest = (time: string, member: string, role: string, timeline?: number) => ({
    at: at(time),
    member,
    role,
    ...(timeline === undefined ? {} : { timeline }),
  });
  return {
    from: at('50:41.000000'),
    to: at('51:40.000000'),
    leaderKey: [
      key('50:41.050000', '14', 'db1'),
      key('51:05.650000', '61'),
      key('51:10.801122', '72', 'db2'),
      key('51:17.001122', '90'),
      key('51:17.061122', '92', 'db1'),
    ],
    rest: [
      rest('50:41.040000', 'db1', 'primary', 1),
      rest('50:41.041000', 'db2', 'replica', 1),
      rest('50:41.042000', 'db3', 'replica', 1),
      rest('51:04.600000', 'db2', 'none'),
      rest('51:04.700000', 'db3', 'none'),
      rest('51:05.500000', 'db1', 'none'),
      rest('51:11.300000', 'db2', 'primary', 3),
      rest('51:14.200000', 'db1', 'replica', 3),
      rest('51:14.300000', 'db3', 'replica', 3),
      rest('51:17.000000', 'db2', 'primary (stopping)'),
      rest('51:17.600000', 'db1', 'primary', 4),
      rest('51:19.100000', 'db2', 'replica', 4),
      rest('51:19.200000', 'db3', 'replica', 4),
    ],
    gaps: [],
  };
}

function member(name: string): MemberEvidence {
  const leads = name === 'db1';
  return {
    rest: { status: 200, role: leads ? 'master' : 'replica', state: 'running', timeline: 4, systemIdentifier: SYSTEM },
    inRecovery: !leads,
    systemIdentifier: SYSTEM,
    timeline: 4,
    ...(leads ? {} : { receiver: { status: 'streaming', timeline: 4, sender: 'db1' } }),
    replayLsn: '0/B0123A8',
    readAt: '0/B0123A8',
    history: HISTORIES['4'],
    recoveryTargets: {},
    ledger: HELD,
    ledgerHalves: '',
    probe: { expected: 'probe 7', found: 'probe 7' },
    content: { postgres: empty(), thai: thai(leads ? '0' : undefined) },
    globals: globals(),
    databases: Object.fromEntries(DATABASES.map((database) => [database, { connects: true }])),
    integrity: {
      checksums: true,
      checksumFailures: 0,
      relationsRead: 231,
      unreadable: [],
      notRead: [],
      invalidIndexes: [],
      amcheck: { relations: 178, errors: [] },
      ...(leads ? { foreignKeys: { validated: 6, violated: [] } } : {}),
      preparedTransactions: [],
    },
  };
}

/** @param rows of the unlogged table, where they can be read */
function thai(rows?: string): Content {
  const method = 'columns-1-stored';
  return {
    tables: {
      'book.bus': { rows: '10', sum: '80', method },
      'book.nam': { rows: '350', sum: '293485761120394857', method },
      'book.tickets': { rows: '20740', sum: '340282366920938463463374607431768211455', method },
    },
    sequences: {
      'book.bus_id_seq': { lastValue: '10', behindColumn: false, called: true },
      'book.tickets_id_seq': { lastValue: '20740', behindColumn: false, called: true },
    },
    schema: '5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
    extensions: { amcheck: '1.3', plpgsql: '1.0' },
    largeObjects: { rows: '2', sum: '71394857', method },
    unlogged: {
      'book.seen': rows === undefined ? { unreadable: 'a standby has no unlogged relations' } : { rows },
    },
  };
}

function empty(): Content {
  return {
    tables: {},
    sequences: {},
    schema: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    extensions: { amcheck: '1.3', plpgsql: '1.0' },
    largeObjects: { rows: '0', sum: '0', method: 'columns-1-stored' },
    unlogged: {},
  };
}

function globals(): Globals {
  return {
    roles: {
      barman: 'login, replication, member of pg_checkpoint pg_read_all_settings, password 0f8e3ab1c2d94f57',
      ledger: 'login, password 92c41be07a6d5f13',
      postgres: 'login, superuser, replication, createrole, createdb, bypassrls, password 5cd0a917be442f68',
    },
    tablespaces: { pg_default: 'owner postgres', pg_global: 'owner postgres' },
    settings: { 'thai/*': '6b1f2a90c4d7e853' },
    databases: Object.fromEntries(
      DATABASES.map((name) => [name, 'owner postgres, UTF8, C.UTF-8, C.UTF-8, tablespace pg_default']),
    ),
  };
}

function backup(id: string, timeline: number, beginLsn: string, segment: string): BackupRef {
  const time = `2026-11-21 05:${id.slice(-4, -2)}:${id.slice(-2)}.000000+00`;
  const endLsn = beginLsn.replace(/28$/, '100');
  return {
    server: 'patroni1',
    id,
    status: 'DONE',
    systemIdentifier: SYSTEM,
    timeline,
    beginLsn,
    endLsn,
    beginWal: segment,
    endWal: segment,
    beginTime: time,
    endTime: time,
  };
}

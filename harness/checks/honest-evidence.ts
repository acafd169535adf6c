import { fromBuckets } from '../formats/fingerprint';
import type { BackupRef } from '../record/backup-ref';
import type { ClusterEvidence, EpisodeEvidence, Evidence, LedgerEvidence, MemberEvidence } from '../record/evidence';
import type { Content } from '../record/fingerprint';
import type { Incident } from '../record/incident';
import type { RecoveryResult } from '../record/recovery';
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
      objectives: { lostWrites: 0 },
    },
    episodes: [episode()],
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
    baseline: { databases: { postgres: empty(), thai: thai() }, takenOn: 'db1' },
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
      slot: { name: 'barman', present: true, active: true, restartLsn: '0/B000000' },
      check: { passed: true, failing: [] },
      freshBackup: backup('20261121T055113', 3, '0/9000028', '000000030000000000000009'),
    },
    parentRecord: { ...BOUNDARY },
    switchover: {
      from: 'db2',
      to: 'db1',
      acknowledged: '5900-6000,6002-6400',
      missing: { db1: '', db2: '', db3: '' },
      durationMs: 2100,
    },
    members: { db1: member('db1'), db2: member('db2'), db3: member('db3') },
  };
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
    history: HISTORIES['4'],
    recoveryTargets: {},
    ledger: HELD,
    probe: { expected: 'probe 7', found: 'probe 7' },
    content: { postgres: empty(), thai: thai() },
    databases: Object.fromEntries(DATABASES.map((database) => [database, { connects: true }])),
    integrity: {
      checksums: true,
      checksumFailures: 0,
      relationsRead: 231,
      unreadable: [],
      amcheck: { relations: 178, errors: [] },
      ...(leads ? { foreignKeys: { validated: 6, violated: [] } } : {}),
      preparedTransactions: [],
    },
  };
}

function thai(): Content {
  return {
    tables: {
      'book.bus': fromBuckets({
        '0': { rows: '5', sum: '81' },
        '1': { rows: '5', sum: '340282366920938463463374607431768211455' },
      }),
      'book.nam': { rows: '350', sum: '293485761120394857' },
      'book.tickets': fromBuckets({
        '0': { rows: '5185', sum: '1029384756102938475610293847561' },
        '1': { rows: '5185', sum: '99887766554433221100998877665544' },
        '2': { rows: '5185', sum: '31415926535897932384626433832795' },
        '3': { rows: '5185', sum: '27182818284590452353602874713526' },
      }),
    },
    sequences: {
      'book.bus_id_seq': { lastValue: '10', behindColumn: false },
      'book.tickets_id_seq': { lastValue: '20740', behindColumn: false },
    },
    schema: '5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
  };
}

function empty(): Content {
  return { tables: {}, sequences: {}, schema: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' };
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

import type { BackupRef } from '../record/backup-ref';
import type { ClusterEvidence, EpisodeEvidence, Evidence, RestoredAside, SourceArchive } from '../record/evidence';
import type { Incident } from '../record/incident';
import type { RecoveryResult } from '../record/recovery';
import { ledger, roles } from './honest-ledger';
import { empty, globals, member, thai } from './honest-member';
import { BOUNDARY, DATABASES, HELD, HISTORIES, MEMBERS, SYSTEM, TARGET_TIME } from './honest-story';
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

import type { Evidence } from '../record/evidence';
import { ledger } from './honest-ledger';
import { honestEvidence } from './honest-evidence';
import { HISTORIES, MEMBERS } from './honest-story';
import { Spoiled } from './spoiled';

/** A query that a person expects something of, in the honest evidence. */
const EXPECTED = { database: 'thai', sql: 'SELECT count(*) FROM book.tickets', expected: '20740' };

/**
 * The same story as `honestEvidence`, told of a cluster that pgdrill did not load: `pgdrill pitr` with `--auto-start`,
 * `--baseline` and `--expect`. No accident, no ledger, no switchover: db2 leads on timeline 3.
 * @param vary changes the copy in place
 */
export function honestWithoutLedger(vary?: (spoiled: Spoiled) => void): Evidence {
  const evidence = honestEvidence((spoiled) => {
    asSeenFromOutside(spoiled);
    ledBy(spoiled, 'db2', 3);
  });
  vary?.(new Spoiled(evidence));
  return evidence;
}

function asSeenFromOutside({ evidence, episode, cluster, recovery, members }: Spoiled): void {
  evidence.run = { ...evidence.run, drill: 'pitr', title: 'point-in-time recovery', stack: 'foreign' };
  delete evidence.run.deep;
  episode.verification = 'without-ledger';
  delete episode.incident;
  delete episode.rtoWritesMs;
  delete episode.rtoFullMs;
  recovery.discarded = { before: 640, during: 0 };
  if (recovery.plan) Object.assign(recovery.plan, { mode: 'cluster', fence: 'now' });
  const { boundary, around, tiesAtBoundary, lastRecovered } = ledger();
  cluster.walOrder = {
    around,
    ...(boundary ? { boundary } : {}),
    ...(tiesAtBoundary === undefined ? {} : { tiesAtBoundary }),
    ...(lastRecovered === undefined ? {} : { lastRecovered }),
  };
  delete cluster.ledger;
  delete cluster.roles;
  delete cluster.switchover;
  delete cluster.restoredAside;
  cluster.baselineFrom = {
    pgdrill: '0.1.0',
    systemIdentifier: cluster.systemIdentifier,
    takenAt: '2026-11-21 05:50:48.000000Z',
    lsn: '0/4000000',
    timeline: 1,
    methods: ['columns-1'],
  };
  cluster.expected = [{ ...EXPECTED }];
  cluster.checksumsBefore = true;
  for (const member of members) {
    delete member.ledger;
    delete member.ledgerHalves;
    member.probe = { expected: 'transaction 16012', found: 'transaction 16012' };
    member.answers = [{ found: EXPECTED.expected }];
  }
}

/** Makes one member the leader, on a timeline that had come before. */
function ledBy({ cluster, archive }: Spoiled, leader: string, timeline: 2 | 3): void {
  const all = Object.values(cluster.members);
  const led = all.find(({ inRecovery }) => inRecovery === false);
  const followed = all.find(({ inRecovery }) => inRecovery === true);
  for (const name of MEMBERS) {
    const member = structuredClone(name === leader ? led! : followed!);
    Object.assign(member, { timeline, history: HISTORIES[timeline] });
    if (member.rest) member.rest.timeline = timeline;
    if (member.receiver) member.receiver = { ...member.receiver, timeline, sender: leader };
    cluster.members[name] = member;
  }
  if (cluster.dcs) cluster.dcs.leader = leader;
  for (const later of Object.keys(archive.histories).filter((known) => Number(known) > timeline))
    delete archive.histories[later];
}

/** The same, with nothing more than `--restore`: db2 is recovered and waits, isolated; nothing else was touched. */
export function honestIsolated(vary?: (spoiled: Spoiled) => void): Evidence {
  const evidence = honestWithoutLedger((spoiled) => {
    ledBy(spoiled, 'db2', 2);
    const { cluster, recovery } = spoiled;
    Object.assign(recovery, { outcome: 'waiting' });
    if (recovery.plan) Object.assign(recovery.plan, { mode: 'restore', fence: 'none' });
    for (const done of ['fencedAt', 'fence', 'freshBackup', 'leaderSince', 'rejoinedAt', 'discarded'] as const)
      delete recovery[done];
    delete cluster.dcs;
    delete cluster.archive;
    const { db2 } = cluster.members;
    delete db2!.rest;
    delete db2!.probe;
    cluster.members = { db2: db2! };
  });
  vary?.(new Spoiled(evidence));
  return evidence;
}

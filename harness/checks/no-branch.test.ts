import { evidenceSchema, type Evidence } from '../record/evidence';
import { honestEvidence } from './honest-evidence';
import { judge } from './index';
import type { Spoiled } from './spoiled';

const HISTORY = '1\t0/7A1B420\tbefore 2026-11-21 05:51:02.131044+00\n';
const AFTER_SWITCHOVER = '1\t0/A0000A0\tno recovery target specified\n';

/** The honest story, rescued beside the cluster instead: timeline 1 goes on, one switchover ends it. */
function honestRescue(vary?: (spoiled: Spoiled) => void): Evidence {
  return honestEvidence((spoiled) => {
    const { recovery, cluster, ledger, archive, episode } = spoiled;
    const digest = { rows: '20740', sum: '42' };
    for (const gone of [
      'fencedAt',
      'fence',
      'newTimeline',
      'branchLsn',
      'freshBackup',
      'leaderSince',
      'leadStartedAt',
    ] as const)
      delete recovery[gone];
    Object.assign(recovery, {
      strategy: 'surgical',
      branch: 'none',
      node: 'db2',
      rescue: {
        ...{ database: 'thai', table: 'book.tickets', into: 'keep', created: false },
        ...{ chosen: '20740', inserted: '20740', updated: '0', removed: '0', left: '0' },
        committedAt: '2026-11-21 05:51:10.000000+00',
        commitLsn: '0/7F00000',
        digest: { aside: digest, leader: digest },
        members: ['db1', 'db2', 'db3'].map((member) => ({ member, digest, same: true })),
        aside: { timeline: 2, history: HISTORY, branchLsn: '0/7A1B420' },
      },
    });
    ledger.before = '1-5640,5645-6000,6002-6400';
    ledger.discardedBefore = '';
    ledger.resumed = '';
    ledger.lastRecovered = '2026-11-21 05:51:22.480009+00';
    ledger.terms = [
      {
        ...ledger.terms![0]!,
        member: 'db2',
        acknowledged: 5996,
        lastAcknowledgedAt: '2026-11-21 05:51:16.902117+00',
        lastSentAt: '2026-11-21 05:51:16.902110+00',
      },
      { ...ledger.terms![2]!, timeline: 2 },
    ];
    const key = cluster.roles!.leaderKey;
    cluster.roles!.leaderKey = [{ ...key[0]!, member: 'db2' }, key[3]!, key[4]!];
    archive.histories = { '2': AFTER_SWITCHOVER };
    delete archive.freshBackup;
    delete cluster.restoredAside;
    delete spoiled.evidence.run.deep;
    delete episode.rtoWritesMs;
    for (const member of spoiled.members) {
      member.timeline = 2;
      member.history = AFTER_SWITCHOVER;
      member.ledger = '1-5640,5645-6000,6002-6400';
      if (member.rest) member.rest.timeline = 2;
      if (member.receiver) member.receiver.timeline = 2;
    }
    vary?.(spoiled);
  });
}

const red = (evidence: Evidence) => {
  evidenceSchema.parse(evidence);
  const { checks } = judge(evidence, { pgdrill: '0.1.0' });
  const of = (status: string) => checks.filter((check) => check.status === status).map(({ check }) => check);
  return { failed: of('failed').sort(), unverified: of('unverified').sort() };
};

describe('a recovery beside the cluster, judged', () => {
  test('all went well › nothing is red, nothing unverified', () => {
    expect(red(honestRescue())).toEqual({ failed: [], unverified: [] });
  });

  test('it missed a row › content', () => {
    const evidence = honestRescue((spoiled) => {
      for (const member of spoiled.members) {
        const [table] = Object.values(spoiled.content(member).tables);
        table!.rows = String(BigInt(table!.rows) - 1n);
      }
    });
    expect(red(evidence)).toEqual({ failed: ['content'], unverified: [] });
  });

  test('it changed the timeline › timeline', () => {
    const evidence = honestRescue((spoiled) => {
      const history = `${AFTER_SWITCHOVER}\n2\t0/A000200\tno recovery target specified\n`;
      spoiled.archive.histories['3'] = history;
      for (const member of spoiled.members) {
        Object.assign(member, { timeline: 3, history });
        if (member.receiver) member.receiver.timeline = 3;
      }
    });
    expect(red(evidence)).toEqual({ failed: ['timeline'], unverified: [] });
  });

  test('the cluster was recovered after all › timeline', () => {
    const evidence = honestRescue((spoiled) => {
      spoiled.archive.histories['2'] = HISTORY;
      for (const member of spoiled.members) member.history = HISTORY;
    });
    expect(red(evidence).failed).toEqual(['timeline']);
  });

  test('the leader changed meanwhile › roles', () => {
    const evidence = honestRescue(({ cluster }) => {
      const [first, ...rest] = cluster.roles!.leaderKey;
      cluster.roles!.leaderKey = [
        first!,
        { at: '2026-11-21 05:51:05.700000+00', revision: '61', member: 'db3' },
        { at: '2026-11-21 05:51:08.700000+00', revision: '63', member: 'db2' },
        ...rest,
      ];
    });
    expect(red(evidence)).toEqual({ failed: ['roles'], unverified: [] });
  });

  test('what was acknowledged after the target is gone › acknowledged-writes', () => {
    const evidence = honestRescue(({ ledger, members }) => {
      ledger.before = '1-5000,5645-6000,6002-6400';
      ledger.discardedBefore = '5001-5640';
      for (const member of members) member.ledger = '1-5000,5645-6000,6002-6400';
    });
    expect(red(evidence).failed).toEqual(['acknowledged-writes']);
  });

  test('the server aside stopped elsewhere › stop-point', () => {
    const evidence = honestRescue(({ recovery }) => {
      recovery.rescue!.aside.history = HISTORY.replace('02.131044', '02.231044');
    });
    expect(red(evidence)).toEqual({ failed: ['stop-point'], unverified: [] });
  });
});

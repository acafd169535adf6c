import type { Finding } from '../record/finding';
import { acknowledgedWrites } from './acknowledged-writes';
import { honestEvidence } from './honest-evidence';
import { checkResult } from './judge';
import { there, withMore, without, type Spoiled } from './spoiled';

const result = (vary?: (spoiled: Spoiled) => void) => checkResult(acknowledgedWrites, honestEvidence(vary));
const only = (findings: Finding[], status: string): Finding[] =>
  findings.filter((finding) => finding.status === status);

describe('acknowledged-writes', () => {
  test('all there › is ok on each member, with the counts', () => {
    const { status, findings } = result();
    expect(status).toBe('ok');
    for (const member of ['db1', 'db2', 'db3']) {
      expect(findings.filter((finding) => finding.member === member).map(({ found }) => found)).toEqual([
        '5000 there, 0 lost',
        '0 phantom',
        '0 missing',
        'none; 7 that must be there have several rows',
      ]);
    }
    expect(findings.map(({ found }) => found)).toContain('5 indeterminate, 640 discarded before the fence');
  });

  test('lost › names the member, the first five and how many', () => {
    const { findings } = result(({ members }) => {
      there(members[1], 'member').ledger = '1-10,18-5000,5645-6400';
    });
    const [red] = only(findings, 'failed').filter(({ member }) => member !== undefined);
    expect(red).toMatchObject({ cluster: 'main', member: 'db2', found: '4993 there, 7 lost' });
    expect(red?.detail).toEqual([
      'lost: 11, 12, 13, 14, 15 … (7 in all)',
      expect.stringContaining('look: pgdrill enter --psql db2'),
      expect.stringContaining('fence 05:51:05.700'),
    ]);
  });

  test('phantom › a discarded write that came back, and one that nobody sent', () => {
    const { findings } = result(({ members }) => {
      for (const member of members) member.ledger = withMore(member.ledger, 5001, 99_999);
    });
    expect(only(findings, 'failed')).toHaveLength(3);
    expect(only(findings, 'failed')[0]).toMatchObject({
      found: '2 phantom',
      detail: expect.arrayContaining(['phantom: 5001, 99999']),
    });
  });

  test('half › red by itself, on the member that has it, whatever its class; and no member has the same rows then', () => {
    for (const [half, whole] of [
      [17, true],
      [5001, false],
      [6002, true],
      [6001, true],
    ] as const) {
      const { findings } = result(({ replica }) => {
        if (whole) replica.ledger = without(replica.ledger, half);
        replica.ledgerHalves = String(half);
      });
      const red = only(findings, 'failed');
      expect(red.map(({ expected }) => expected)).toEqual(['every member holds the same rows', 'no half transaction']);
      expect(red[1]).toMatchObject({
        member: 'db2',
        found: '1 there by half',
        detail: expect.arrayContaining([`half: ${half}`, expect.stringContaining(`seq IN (${half})`)]),
      });
    }
  });

  test('abandoned › counted, and limited by the drill’s own limit of lost writes', () => {
    const abandon = ({ ledger, members, evidence }: Spoiled, limit: number): void => {
      ledger.before = without(ledger.before, 17, 18);
      ledger.abandoned = '17-18';
      for (const member of members) member.ledger = without(member.ledger, 17, 18);
      evidence.run.objectives.lostWrites = limit;
    };
    const [red] = only(result((spoiled) => abandon(spoiled, 1)).findings, 'failed');
    expect(red).toMatchObject({
      expected: 'at most 1 writes left on a branch that the history does not have',
      found: '2 abandoned',
      detail: expect.arrayContaining(['abandoned: 17, 18']),
    });
    expect(result((spoiled) => abandon(spoiled, 2)).status).toBe('ok');
  });

  test('abandoned › and there all the same is a phantom: the history does not have it', () => {
    const { findings } = result(({ ledger }) => {
      ledger.before = without(ledger.before, 17);
      ledger.abandoned = '17';
    });
    expect(only(findings, 'failed').map(({ found }) => found)).toEqual(['1 abandoned', ...Array(3).fill('1 phantom')]);
  });

  test('load, leaders and RPO › are told, with their figures', () => {
    expect(result().findings.map(({ found }) => found)).toEqual(
      expect.arrayContaining([
        '98.4 of 100 commits a second over 65.0 s; the drill itself used 4.2 % of one core meanwhile, 171 MB at its peak',
        'db1 on 1: 5640, db2 on 3: 356, db1 on 4: 399',
        '5731 commits on timeline 1, 361 commits on timeline 3, 402 commits on timeline 4',
        '3.5 s: 2026-11-21 05:51:02.117733+00 to 2026-11-21 05:51:05.612345+00',
      ]),
    );
  });

  test('indeterminate › either is right, on all members alike', () => {
    const all = result(({ members }) => {
      for (const member of members) member.ledger = withMore(member.ledger, 5641, 5642, 5643, 5644);
    });
    const none = result(({ members }) => {
      for (const member of members) member.ledger = without(member.ledger, 6001);
    });
    expect([all.status, none.status]).toEqual(['ok', 'ok']);
  });

  test('indeterminate › on one member and not on the others is red', () => {
    const { findings } = result(({ replica }) => {
      replica.ledger = without(replica.ledger, 6001);
    });
    expect(only(findings, 'failed').map(({ expected }) => expected)).toEqual(['every member holds the same rows']);
  });

  test('resumed › a write of the recovered leader has to be on every member', () => {
    const { findings } = result(({ replica }) => {
      replica.ledger = without(replica.ledger, 6002);
    });
    expect(only(findings, 'failed').map(({ found }) => found)).toContain('1 missing');
  });

  test('discarded before the fence › is counted, not limited', () => {
    expect(
      result(({ ledger }) => void (ledger.lastAcknowledgedBeforeFence = '2026-11-21 06:51:05.612345+00')).status,
    ).toBe('ok');
  });

  test('a limit of lost writes › is the drill’s own', () => {
    const lose = ({ members, evidence }: Spoiled, limit: number): void => {
      for (const member of members) member.ledger = without(member.ledger, 17, 18);
      evidence.run.objectives.lostWrites = limit;
    };
    expect(result((spoiled) => lose(spoiled, 2)).status).toBe('ok');
    expect(result((spoiled) => lose(spoiled, 1)).status).toBe('failed');
  });

  test.each<[string, (spoiled: Spoiled) => void, string]>([
    ['no ledger', ({ cluster }) => void delete cluster.ledger, 'no ledger was kept'],
    [
      'nothing acknowledged at all',
      ({ ledger, members }) => {
        Object.assign(ledger, { before: '', discardedBefore: '', resumed: '', acknowledged: 0 });
        for (const member of members) member.ledger = '';
      },
      'none: nothing was put to the test',
    ],
    ['no member asked', ({ leader }) => void delete leader.ledger, 'was not observed'],
    ['no boundary', ({ ledger }) => void delete ledger.boundary, 'was not found: what must be there is unknown'],
    [
      'nothing after the recovery',
      ({ ledger, members }) => {
        Object.assign(ledger, { resumed: '', acknowledged: 5640 });
        for (const member of members) member.ledger = '1-5000';
      },
      'none',
    ],
    ['a fence that one member was not tried for', ({ recovery }) => void recovery.fence?.pop(), 'not tried on db3'],
    ['halves not read', ({ replica }) => void delete replica.ledgerHalves, 'was not observed'],
    ['no RPO', ({ ledger }) => void delete ledger.lastRecovered, 'one of the two is not known'],
    [
      'a leader that nobody tells of',
      ({ ledger }) => void ledger.terms?.pop(),
      '6395 acknowledged, but the terms of the leaders tell of 5996',
    ],
    [
      'a set that is none',
      ({ ledger }) => void (ledger.before = '5000-1'),
      'the evidence could not be read: set of numbers "5000-1"',
    ],
    [
      'a write in two classes',
      ({ ledger }) => void (ledger.discardedBefore = '5000-5640'),
      'a write is both before and discardedBefore',
    ],
  ])('%s › is unverified', (_name, vary, found) => {
    const { status, findings } = result(vary);
    expect(status).toBe('unverified');
    expect(only(findings, 'unverified').map((finding) => finding.found)).toContainEqual(expect.stringContaining(found));
  });

  test('latest › has no boundary: everything acknowledged must be there', () => {
    const latest = ({ recovery, ledger, members }: Spoiled, held: string): void => {
      there(recovery.plan, 'plan').target = { kind: 'latest' };
      delete ledger.boundary;
      Object.assign(ledger, { before: '1-5640', discardedBefore: '' });
      for (const member of members) member.ledger = held;
    };
    expect(result((spoiled) => latest(spoiled, '1-5640,5645-6400')).status).toBe('ok');
    expect(result((spoiled) => latest(spoiled, '1-5639,5645-6400')).status).toBe('failed');
  });

  test('a recovery that is expected to be refused › not applicable', () => {
    const { status } = result(
      ({ episode }) => void (episode.expectation = { kind: 'refused', code: 'PGDRILL_WAL_GAP' }),
    );
    expect(status).toBe('not-applicable');
  });
});

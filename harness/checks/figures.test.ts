import { figuresOfRun } from './figures';
import { honestEvidence } from './honest-evidence';
import { checkResult } from './judge';
import { objectives } from './objectives';
import { withMore, without, type Spoiled } from './spoiled';

const figures = (vary?: (spoiled: Spoiled) => void) => figuresOfRun(honestEvidence(vary));
const result = (vary?: (spoiled: Spoiled) => void) => checkResult(objectives, honestEvidence(vary));

describe('figures', () => {
  test('of an honest run › from sets and times', () => {
    expect(figures()).toEqual({
      rtoWritesMs: 9800,
      rtoFullMs: 12500,
      rpoMs: 3494.612,
      acknowledged: 6395,
      recovered: 5000,
      lost: 0,
      phantom: 0,
      indeterminate: 5,
      discardedBefore: 640,
      discardedDuring: 0,
      resumed: 755,
    });
  });

  test('lost and phantom › a write missing on any member counts once', () => {
    const spoiled = figures(({ leader, replica }) => {
      leader.ledger = without(leader.ledger, 1, 2);
      replica.ledger = withMore(without(replica.ledger, 2, 3), 5001);
    });
    expect(spoiled).toMatchObject({ lost: 3, phantom: 1, recovered: 4997 });
  });

  test('half › is not recovered and not lost; abandoned › is counted; both only where there are some', () => {
    const spoiled = figures(({ replica, ledger }) => {
      replica.ledger = without(replica.ledger, 2);
      replica.ledgerHalves = '2,5001';
      ledger.before = without(ledger.before, 7);
      ledger.abandoned = '7';
    });
    expect(spoiled).toMatchObject({ lost: 0, half: 2, abandoned: 1, recovered: 4998 });
  });

  test('RPO › is never below nought', () => {
    expect(figures(({ ledger }) => void (ledger.lastRecovered = '2026-11-21 05:51:09.000000+00')).rpoMs).toBe(0);
  });

  test('RPO › needs both ends', () => {
    expect(figures(({ ledger }) => void delete ledger.lastRecovered)).not.toHaveProperty('rpoMs');
    expect(figures(({ ledger }) => void delete ledger.lastAcknowledgedBeforeFence)).not.toHaveProperty('rpoMs');
  });

  test('Patroni’s ttl and loop_wait › as the recovery noted them', () => {
    const timing = { ttlMs: 20_000, loopWaitMs: 1000 };
    expect(figures(({ recovery }) => Object.assign(recovery, { timing }))).toMatchObject(timing);
  });

  test('what was not measured › is left out', () => {
    expect(
      figures(({ cluster, episode }) => {
        delete cluster.ledger;
        delete episode.rtoWritesMs;
      }),
    ).toEqual({ rtoFullMs: 12500 });
  });
});

describe('objectives', () => {
  test('limits met › ok; a limit that was not given is not judged', () => {
    const { status, findings } = result(({ evidence }) => void (evidence.run.objectives.rtoFullMs = 12_500));
    expect(status).toBe('ok');
    expect(findings.map(({ expected }) => expected)).toEqual(['rtoFull at most 12500 ms', 'lost writes at most 0']);
  });

  test('a limit not met › is red', () => {
    const { findings } = result(({ evidence }) => void (evidence.run.objectives.rtoWritesMs = 9_799));
    expect(findings[0]).toMatchObject({ status: 'failed', expected: 'rtoWrites at most 9799 ms', found: '9800 ms' });
    expect(result(({ leader }) => void (leader.ledger = without(leader.ledger, 4))).status).toBe('failed');
  });

  test('lost writes › those left on an abandoned branch count too', () => {
    const { findings } = result(({ ledger }) => {
      ledger.before = without(ledger.before, 7);
      ledger.abandoned = '7';
    });
    expect(findings.at(-1)).toMatchObject({ status: 'failed', expected: 'lost writes at most 0', found: '1' });
  });

  test('not measured › is unverified', () => {
    expect(result(({ cluster }) => void delete cluster.ledger).status).toBe('unverified');
  });

  test('a recovery that is expected to be refused › not applicable', () => {
    expect(result(({ episode }) => void (episode.expectation = { kind: 'refused', code: 'PGDRILL_X' })).status).toBe(
      'not-applicable',
    );
  });
});

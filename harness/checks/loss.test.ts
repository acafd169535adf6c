import { evidenceSchema, type Evidence } from '../record/evidence';
import { acknowledgedWrites } from './acknowledged-writes';
import { figuresOfRun } from './figures';
import { honestFailover } from './honest-failover';
import { judge } from './index';
import { checkResult } from './judge';
import type { Spoiled } from './spoiled';

const red = (evidence: Evidence) => {
  evidenceSchema.parse(evidence);
  const { checks } = judge(evidence, { pgdrill: '0.1.0' });
  const of = (status: string) => checks.filter((check) => check.status === status).map(({ check }) => check);
  return { failed: of('failed').sort(), unverified: of('unverified').sort() };
};
const told = (vary?: (spoiled: Spoiled) => void) =>
  checkResult(acknowledgedWrites, honestFailover(vary)).findings.find(({ expected }) =>
    expected.includes('left on db1'),
  );

describe('an asynchronous failover, judged', () => {
  test('acknowledged writes lost within the bound › counted, with the bound, and nothing is red', () => {
    expect(red(honestFailover())).toEqual({ failed: [], unverified: [] });
    expect(told()).toMatchObject({
      status: 'ok',
      expected:
        'acknowledged writes that the failover left on db1, counted: at most 1572864 bytes of WAL, of maximum_lag_on_failover 1048576 and 524288 written in its last 20 s',
      found: '12 lost; 4096 bytes of WAL past 0/7A1B420',
      detail: ['abandoned: 5629, 5630, 5631, 5632, 5633 … (12 in all)'],
    });
    expect(figuresOfRun(honestFailover())).toMatchObject({
      abandoned: 12,
      lost: 0,
      lossBytes: 4096,
      lossBoundBytes: 1572864,
    });
  });
});

describe('an asynchronous failover, spoiled', () => {
  const past = (bytes: number) => (spoiled: Spoiled) => void (spoiled.recovery.loss!.leftBytes = String(bytes));

  test('farther than the bound › red; up to it › not', () => {
    expect(told(past(1_572_864))).toMatchObject({
      status: 'ok',
      found: '12 lost; 1572864 bytes of WAL past 0/7A1B420',
    });
    expect(told(past(1_572_865))).toMatchObject({ status: 'failed' });
  });

  test('lost though nothing lies past the branch › red; none lost › not', () => {
    expect(told(past(0))).toMatchObject({
      status: 'failed',
      found: '12 lost, though db1 had written nothing past 0/7A1B420',
    });
    const none = (spoiled: Spoiled) => {
      past(0)(spoiled);
      spoiled.ledger.abandoned = '';
    };
    expect(told(none)).toMatchObject({ status: 'ok', found: '0 lost; 0 bytes of WAL past 0/7A1B420' });
  });

  test('what it wrote in its last ttl is not known › only maximum_lag_on_failover is allowed', () => {
    const without = (bytes: number) =>
      told((spoiled) => {
        past(bytes)(spoiled);
        delete spoiled.recovery.loss!.writtenInTtl;
      });
    expect(without(1_048_576)?.status).toBe('ok');
    expect(without(1_048_577)?.status).toBe('failed');
  });

  test('where the old leader ended is not known › unverified, and no figure', () => {
    const gone = ({ recovery }: Spoiled) => void delete recovery.loss!.leftBytes;
    expect(told(gone)).toMatchObject({ status: 'unverified', found: '12 lost; how far it had written is not known' });
    expect(figuresOfRun(honestFailover(gone))).not.toHaveProperty('lossBytes');
  });
});

describe('a synchronous failover, judged', () => {
  const synchronous = ({ recovery }: Spoiled) => void (recovery.loss!.mode = 'synchronous');

  test('any acknowledged write lost › red, also within the drill’s own limit', () => {
    const evidence = honestFailover((spoiled) => {
      synchronous(spoiled);
      spoiled.evidence.run.objectives.lostWrites = 100;
    });
    expect(red(evidence)).toEqual({ failed: ['acknowledged-writes'], unverified: [] });
  });

  test('none lost › WAL that nobody was told of may lie past the branch', () => {
    const finding = told((spoiled) => {
      synchronous(spoiled);
      spoiled.ledger.abandoned = '';
    });
    expect(finding).toMatchObject({
      status: 'ok',
      expected: 'no acknowledged write left on db1, as replication was synchronous',
      found: '0 lost; 4096 bytes of WAL past 0/7A1B420',
    });
  });
});

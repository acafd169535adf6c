import type { SessionRun } from '../record/session';
import type { CheckResult, Verdict } from '../record/verdict';
import { isSound, sabotageOutcome } from '../record/sabotage';
import { honestEvidence } from './honest-evidence';
import { honestFailover } from './honest-failover';
import { honestWithoutLedger } from './honest-without-ledger';
import { evidenceSabotages, judge, standardChecks } from './index';
import { failoverSabotages } from './failover-sabotages';
import { isHonest, liveRow, liveTry, sabotageReport, trySabotage, type LiveSabotage } from './sabotage-table';
import { sabotage, there } from './spoiled';

const built = { name: 'built', evidence: honestEvidence() };
const withoutLedger = { name: 'built-without-ledger', evidence: honestWithoutLedger() };
const failover = { name: 'built-failover', evidence: honestFailover(), only: failoverSabotages.map(({ id }) => id) };
const moved = sabotage('boundary-moved', 'moved', { reds: ['leader'] }, ({ dcs }) => {
  dcs.initialize = '7000000000000000001';
});

describe('evidence', () => {
  test('exactly the named checks › noticed', () => {
    const row = trySabotage(moved, [built]);
    expect(row.tries).toEqual([{ on: 'built', outcome: 'noticed', failed: ['leader'], unverified: [] }]);
    expect(sabotageOutcome(row)).toBe('noticed');
  });

  test.each([
    ['fewer', { ...moved, reds: ['content', 'leader'] }, 'expected red content, leader, found red leader'],
    ['others', { ...moved, reds: ['content'] }, 'expected red content, found red leader'],
    ['more', { ...moved, reds: [], unverified: [] }, 'expected nothing, found red leader'],
    [
      'red for unverified',
      { ...moved, reds: [], unverified: ['leader'] },
      'expected unverified leader, found red leader',
    ],
  ])('%s › missed, and says what was found', (_what, one, why) => {
    const row = trySabotage(one, [built]);
    expect(row.tries[0]).toMatchObject({ outcome: 'missed', why });
    expect(sabotageOutcome(row)).toBe('missed');
  });

  test('nothing to spoil › is told from a mistake in the sabotage', () => {
    const bare = sabotage('bare', 'bare', { reds: ['leader'] }, () => there(undefined, 'such thing'));
    expect(trySabotage(bare, [built]).tries[0]?.outcome).toBe('nothing-to-spoil');
    expect(sabotageOutcome(trySabotage(bare, [built]))).toBe('missed');
    const broken = sabotage('broken', 'broken', { reds: ['leader'] }, () => {
      throw new TypeError('x is undefined');
    });
    expect(trySabotage(broken, [built]).tries[0]).toMatchObject({ outcome: 'missed', why: 'x is undefined' });
  });

  test('noticed on one run and missed on another › missed', () => {
    const without = { name: 'other', evidence: honestEvidence(({ cluster }) => delete cluster.dcs) };
    const red = sabotage('red', 'red', { reds: ['objectives'] }, ({ evidence, episode }) => {
      evidence.run.objectives.rtoFullMs = there(episode.rtoFullMs, 'rtoFull') - 1;
    });
    expect(trySabotage(red, [built, without]).tries.map(({ outcome }) => outcome)).toEqual(['noticed', 'missed']);
    expect(sabotageOutcome(trySabotage(red, [built, without]))).toBe('missed');
    expect([isHonest(built), isHonest(without)]).toEqual([true, false]);
  });
});

describe('report', () => {
  const all = evidenceSabotages.map((one) => trySabotage(one, [built, withoutLedger, failover]));
  const options = { pgdrill: '0.1.0', all: true };

  test('every sabotage › noticed, and no check without one', () => {
    const report = sabotageReport(all, [built, withoutLedger, failover], options);
    expect(report.rows.filter((row) => sabotageOutcome(row) !== 'noticed').map(({ id }) => id)).toEqual([]);
    expect(report.unturned).toEqual([]);
    expect(isSound(report)).toBe(true);
  });

  test.each(standardChecks.map(({ id }) => id))('%s › without its sabotages is told', (check) => {
    const rows = all.filter(({ failed, unverified }) => ![...failed, ...unverified].includes(check));
    const report = sabotageReport(rows, [built], options);
    expect(report.unturned).toContain(check);
    expect(isSound(report)).toBe(false);
  });

  test('only some were tried › no check is told, the report is of those', () => {
    const report = sabotageReport(all.slice(0, 2), [built], { pgdrill: '0.1.0', all: false });
    expect(report).not.toHaveProperty('unturned');
    expect(isSound(report)).toBe(true);
  });

  test('honest evidence that is not green › unsound, whatever was noticed', () => {
    const other = { name: 'other', evidence: honestEvidence(({ cluster }) => delete cluster.baseline) };
    const report = sabotageReport(all, [built, other], options);
    expect(report.honest[1]).toMatchObject({ on: 'other', unverified: expect.arrayContaining(['content']) });
    expect(isSound(report)).toBe(false);
  });
});

describe('live', () => {
  const expected: LiveSabotage['expect'] = { kind: 'verdict', outcome: 'failed', by: ['timeline', 'content'] };
  const drill: LiveSabotage = { id: 'some', title: 'sabotage: some', expect: expected };
  const verdict = judge(honestEvidence(), { pgdrill: '0.1.0' });

  function run(change: Partial<SessionRun>): SessionRun {
    const head = {
      run: 'r1',
      drill: 'some',
      title: 'some',
      seed: 1,
      started: '2026-11-21T05:51:02.000000Z',
      durationMs: 1,
    };
    const rest = { interrupted: false, exitCode: 0, dir: 'r1', phases: [], warnings: [], leftovers: [] };
    return { ...head, outcome: 'passed', ...rest, ...change };
  }
  const saying = (met: boolean, red: string[]): Verdict => ({
    ...verdict,
    checks: verdict.checks.map((one): CheckResult => (red.includes(one.check) ? { ...one, status: 'failed' } : one)),
    expected: { expectation: expected, met, checksSaid: 'failed', red },
  });

  test('row › is what the drill expects', () => {
    expect(liveRow(drill)).toMatchObject({ kind: 'live', failed: ['content', 'timeline'], unverified: [], tries: [] });
    const beside: LiveSabotage = { ...drill, expect: { ...expected, unverified: ['leader', 'integrity'] } };
    expect(liveRow(beside)).toMatchObject({ failed: ['content', 'timeline'], unverified: ['integrity', 'leader'] });
    const unproven = { ...drill, expect: { kind: 'verdict', outcome: 'unverified', by: ['accident'] } as const };
    expect(liveRow({ ...unproven, expect: { ...unproven.expect, by: ['accident'] } })).toMatchObject({
      failed: [],
      unverified: ['accident'],
    });
  });

  test('the expectation is met › noticed, with what the checks said', () => {
    const tried = liveTry(drill, run({ verdict: saying(true, ['content', 'timeline']) }));
    expect(tried).toMatchObject({ on: 'r1', outcome: 'noticed', failed: ['content', 'timeline'] });
  });

  test.each([
    [
      'other checks',
      {
        outcome: 'failed' as const,
        verdict: { ...saying(false, ['content']), outcome: 'failed' as const, reason: 'they said failed by content' },
      },
      'the run was failed: they said failed by content',
    ],
    [
      'an engine that died',
      { outcome: 'unverified' as const, stopped: { code: 'PGDRILL_ENGINE_DIED', what: 'the engine is gone' } },
      'the run was unverified: the engine is gone (PGDRILL_ENGINE_DIED)',
    ],
    [
      'no boot',
      { outcome: 'not-run' as const, stopped: { code: 'PGDRILL_BOOT', what: 'no leader' } },
      'the run was not-run: no leader (PGDRILL_BOOT)',
    ],
  ])('%s › missed, with the reason', (_what, change, why) => {
    expect(liveTry(drill, run(change))).toMatchObject({ outcome: 'missed', why });
  });

  test('a machine that lacks what the drill needs › skipped, and nobody missed anything', () => {
    const lacking = run({
      outcome: 'skipped',
      verdict: { ...verdict, outcome: 'skipped', reason: 'no sch_netem', checks: [] },
    });
    const row = { ...liveRow(drill), tries: [liveTry(drill, lacking)] };
    expect(row.tries[0]).toMatchObject({ outcome: 'skipped', why: 'no sch_netem' });
    expect(sabotageOutcome(row)).toBe('skipped');
    expect(isSound(sabotageReport([row], [], { pgdrill: '0.1.0', all: false }))).toBe(true);
  });

  test('a run that passed without its expectation › missed', () => {
    expect(liveTry(drill, run({ verdict }))).toMatchObject({ outcome: 'missed', failed: [] });
  });

  test('a drill that expects a recovery › is no sabotage, also when it passed', () => {
    const tried = liveTry({ ...drill, expect: { kind: 'recovered' } }, run({ verdict }));
    expect(tried).toMatchObject({ outcome: 'missed', why: expect.stringContaining('no sabotage') });
  });
});

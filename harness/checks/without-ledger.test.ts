import type { Evidence } from '../record/evidence';
import type { Spoiled } from './spoiled';
import { honestIsolated, honestWithoutLedger } from './honest-without-ledger';
import { judge } from './judge';

const judged = (evidence: Evidence) => judge(evidence, { pgdrill: '0.1.0' });
const statusOf = (evidence: Evidence, check: string) =>
  judged(evidence).checks.find((result) => result.check === check)?.status;
const open = (evidence: Evidence) => judged(evidence).notCovered.join('; ');
const noBaseline = ({ cluster }: Spoiled) => {
  delete cluster.baseline;
  delete cluster.baselineFrom;
  delete cluster.globalsBefore;
};

describe('without a ledger', () => {
  test('recovered cluster › passes, and says by name what was not seen', () => {
    const verdict = judged(honestWithoutLedger());
    expect(verdict.outcome).toBe('passed');
    const silent = verdict.checks.filter(({ status }) => status === 'not-applicable').map(({ check }) => check);
    expect(silent).toEqual([
      'accident',
      'acknowledged-writes',
      'roles',
      'switchover',
      'restored-aside',
      'objectives',
      'databases',
    ]);
    expect(verdict.notCovered).toEqual([
      'writes that clients were told of: no ledger',
      'whether passwords of roles are those of the baseline',
    ]);
    expect(verdict.figures).toEqual({});
  });

  test('no baseline › content is no passed check, and named as not covered', () => {
    const evidence = honestWithoutLedger(noBaseline);
    expect(judged(evidence).outcome).toBe('passed');
    expect(statusOf(evidence, 'content')).toBe('not-applicable');
    expect(statusOf(evidence, 'globals')).toBe('not-applicable');
    expect(statusOf(evidence, 'databases')).toBe('ok');
    expect(open(evidence)).toContain('content: no baseline, only what --expect asked for');
    const neither = honestWithoutLedger((spoiled) => {
      noBaseline(spoiled);
      delete spoiled.cluster.expected;
    });
    expect(statusOf(neither, 'expectations')).toBe('not-applicable');
    expect(open(neither)).toContain('content: no baseline (--baseline FILE) and no --expect');
  });

  test('nothing recovered › is never passed', () => {
    expect(judged(honestWithoutLedger(({ episode }) => delete episode.recovery)).outcome).toBe('unverified');
    const skipped = honestWithoutLedger(({ recovery }) => Object.assign(recovery, { outcome: 'rolled-back' }));
    expect(judged(skipped).outcome).toBe('unverified');
  });

  test('no fact of before › is taken for the recovery’s fault', () => {
    const off = (before: boolean) =>
      honestWithoutLedger(({ cluster, members }) => {
        cluster.checksumsBefore = before;
        for (const { integrity } of members) integrity!.checksums = false;
      });
    expect(statusOf(off(false), 'integrity')).toBe('ok');
    expect(statusOf(off(true), 'integrity')).toBe('failed');
    const failing = (before: string[]) =>
      honestWithoutLedger(({ archive }) => {
        const lines = ['minimum redundancy requirements (have 1 backups, expected at least 3)'];
        archive.check = { passed: false, failing: lines, atFirst: lines, before };
      });
    expect(statusOf(failing(['minimum redundancy requirements (have 0 backups)']), 'archive')).toBe('ok');
    expect(statusOf(failing(['ssh (no answer)']), 'archive')).toBe('failed');
  });

  test('extensions that are not there › are not covered; without any look at the files it is unverified', () => {
    const evidence = honestWithoutLedger(({ members }) => {
      for (const { integrity } of members) {
        integrity!.without = ['pg_prewarm', 'amcheck'].map((extension) => ({ database: 'thai', extension }));
        integrity!.amcheck = { relations: 0, errors: [] };
      }
    });
    expect(statusOf(evidence, 'integrity')).toBe('ok');
    expect(open(evidence)).toContain('amcheck is not there');
    for (const { integrity } of Object.values(evidence.episodes[0]!.clusters.main!.members))
      integrity!.relationsRead = 0;
    expect(statusOf(evidence, 'integrity')).toBe('unverified');
  });
});

describe('an isolated node, not the cluster’s leader yet', () => {
  test('is judged by itself, and the verdict says that it is not the cluster', () => {
    const verdict = judged(honestIsolated());
    expect(verdict.outcome).toBe('passed');
    const seen = verdict.checks.filter(({ status }) => status === 'ok').map(({ check }) => check);
    expect(seen).toEqual(['stop-point', 'content', 'globals', 'integrity', 'timeline', 'secrets', 'expectations']);
    expect(verdict.notCovered[0]).toBe('the cluster: db2 is not its leader yet, its other members are as they were');
  });

  test.each<[string, string, (spoiled: Spoiled) => void]>([
    ['promoted once more', 'timeline', ({ members }) => members.forEach((one) => (one.timeline = 3))],
    [
      'stopped elsewhere',
      'stop-point',
      ({ recovery }) =>
        (recovery.stop = ['LOG:  recovery stopping before commit of transaction 1, time 2026-11-21 05:51:02.2+00']),
    ],
    ['another answer', 'expectations', ({ members }) => members.forEach((one) => (one.answers = [{ found: '1' }]))],
  ])('%s › is red', (_title, check, spoil) => {
    expect(statusOf(honestIsolated(spoil), check)).toBe('failed');
  });

  test('the mode of a drill › does not make it one', () => {
    const drill = honestIsolated(({ episode }) => delete episode.verification);
    expect(judged(drill).outcome).toBe('unverified');
  });
});

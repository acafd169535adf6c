import type { Evidence } from '../record/evidence';
import { exitCodeOf } from '../record/outcome';
import { verdictSchema, type Expectation } from '../record/verdict';
import type { Check } from './check';
import { honestEvidence } from './honest-evidence';
import { canonicalJson, evidenceSabotages, judge, notCovered, standardChecks } from './index';
import { there, without, type Spoiled } from './spoiled';

const say = (vary?: (spoiled: Spoiled) => void) => judge(honestEvidence(vary), { pgdrill: '0.1.0' });
const stop =
  (phase: string, code = 'PGDRILL_X', interrupted = false) =>
  (spoiled: Spoiled): void => {
    spoiled.evidence.stopped = { phase, code, what: 'it broke', cure: 'mend it', interrupted };
  };
const unstarted = ({ evidence }: Spoiled): void => {
  evidence.episodes = [{ expectation: { kind: 'recovered' }, clusters: {} }];
};
const spoiledBy = (id: string, evidence = honestEvidence()): Evidence =>
  there(
    evidenceSabotages.find((one) => one.id === id),
    id,
  ).apply(evidence);

describe('judge', () => {
  test('an honest run › passed, every check ok', () => {
    const verdict = say();
    expect(verdictSchema.parse(verdict)).toEqual(verdict);
    expect(verdict.checks.map(({ check, status, oracle }) => [oracle, check, status])).toEqual(
      standardChecks.map(({ id, oracle }) => [oracle, id, 'ok']),
    );
    expect(verdict).toMatchObject({
      outcome: 'passed',
      pgdrill: '0.1.0',
      drill: 'delete-without-where',
      seed: 7,
      notCovered,
    });
    expect(verdict.code).toBeUndefined();
  });

  test('the order of keys in the evidence › does not change a byte', () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]) => [key, turned(inner)]),
      );
    };
    const spoiled = spoiledBy('member-gone');
    expect(canonicalJson(judge(turned(spoiled) as Evidence, { pgdrill: '0.1.0' }))).toBe(
      canonicalJson(judge(spoiled, { pgdrill: '0.1.0' })),
    );
  });

  test('a red check › failed, and the reason names it', () => {
    expect(judge(spoiledBy('archive-gap'), { pgdrill: '0.1.0' })).toMatchObject({
      outcome: 'failed',
      reason: 'red: archive',
    });
  });

  test('missing evidence › unverified, unless something is red as well', () => {
    expect(judge(spoiledBy('no-baseline'), { pgdrill: '0.1.0' })).toMatchObject({
      outcome: 'unverified',
      code: 'PGDRILL_EVIDENCE_INCOMPLETE',
      reason: 'unverified: content',
    });
    expect(judge(spoiledBy('no-baseline', spoiledBy('archive-gap')), { pgdrill: '0.1.0' }).outcome).toBe('failed');
  });

  test('an accident without proof › unverified, whatever else is red', () => {
    const verdict = judge(spoiledBy('accident-never-fired', spoiledBy('archive-gap')), { pgdrill: '0.1.0' });
    expect(verdict).toMatchObject({ outcome: 'unverified', code: 'PGDRILL_ACCIDENT_UNPROVEN' });
  });

  test.each(['machine', 'images', 'boot', 'load', 'ledger', 'backup'])(
    'stopped in phase %s › not-run, with code and cure',
    (phase) => {
      const verdict = say((spoiled) => {
        unstarted(spoiled);
        stop(phase, 'PGDRILL_BOOT')(spoiled);
      });
      expect(verdict).toMatchObject({
        outcome: 'not-run',
        code: 'PGDRILL_BOOT',
        reason: `stopped in phase "${phase}": it broke`,
        cure: 'mend it',
      });
      expect(new Set(verdict.checks.map(({ status }) => status))).toEqual(new Set(['not-applicable']));
      expect(exitCodeOf(verdict)).toBe(2);
    },
  );

  test('stopped before there was an episode › not-run', () => {
    const verdict = say((spoiled) => {
      stop('images', 'PGDRILL_IMAGE_BUILD')(spoiled);
      spoiled.evidence.episodes = [];
    });
    expect(verdict.outcome).toBe('not-run');
  });

  test.each(['boot', 'accident'])(
    'stopped in phase %s for what the machine lacks › skipped, with the reason',
    (phase) => {
      const verdict = say((spoiled) => {
        unstarted(spoiled);
        stop(phase, 'PGDRILL_LACKING')(spoiled);
      });
      expect(verdict).toMatchObject({ outcome: 'skipped', code: 'PGDRILL_LACKING' });
    },
  );

  test('stopped in the accident › unverified', () => {
    const verdict = say((spoiled) => {
      unstarted(spoiled);
      stop('accident', 'PGDRILL_ACCIDENT_UNPROVEN')(spoiled);
    });
    expect(verdict).toMatchObject({ outcome: 'unverified', code: 'PGDRILL_ACCIDENT_UNPROVEN' });
    expect(exitCodeOf(verdict)).toBe(3);
  });

  test('the recovery threw › failed; the observation broke › unverified', () => {
    expect(say(stop('recover', 'PGDRILL_WAL_GAP'))).toMatchObject({ outcome: 'failed', code: 'PGDRILL_WAL_GAP' });
    expect(say(stop('observe'))).toMatchObject({ outcome: 'unverified', code: 'PGDRILL_X' });
  });

  test('interrupted › unverified (130), in whatever phase', () => {
    for (const phase of ['boot', 'recover']) {
      const verdict = say(stop(phase, 'PGDRILL_INTERRUPTED', true));
      expect(verdict).toMatchObject({ outcome: 'unverified', interrupted: true });
      expect(exitCodeOf(verdict)).toBe(130);
    }
  });

  test('the engine died › not-run before the accident, unverified after it', () => {
    const before = say((spoiled) => {
      unstarted(spoiled);
      stop('load', 'PGDRILL_ENGINE_DIED')(spoiled);
    });
    expect(before.outcome).toBe('not-run');
    expect(say(stop('recover', 'PGDRILL_ENGINE_DIED')).outcome).toBe('unverified');
  });

  test('a recovery that ended as refused or failed › failed, with its code', () => {
    const verdict = say(
      ({ recovery }) => void Object.assign(recovery, { outcome: 'refused', code: 'PGDRILL_WAL_GAP' }),
    );
    expect(verdict).toMatchObject({ outcome: 'failed', code: 'PGDRILL_WAL_GAP' });
  });

  test('something unreadable › at most unverified, never better; red stays red', () => {
    const unreadable = ({ evidence }: Spoiled): void =>
      void evidence.unreadable.push('line 31: unknown event "teleported"');
    expect(say(unreadable)).toMatchObject({ outcome: 'unverified', code: 'PGDRILL_EVIDENCE_UNREADABLE' });
    const red = judge(spoiledBy('archive-gap', honestEvidence(unreadable)), { pgdrill: '0.1.0' });
    expect(red.outcome).toBe('failed');
  });

  test('a run that was killed › unverified', () => {
    expect(say(({ evidence }) => void (evidence.episodes = []))).toMatchObject({ outcome: 'unverified' });
    const after = say(({ episode }) => {
      delete episode.recovery;
      episode.clusters = {};
    });
    expect(after.outcome).toBe('unverified');
  });

  test('several episodes › the worst counts, findings say which', () => {
    const evidence = honestEvidence();
    evidence.episodes.unshift(there(spoiledBy('archive-gap').episodes[0], 'episode'));
    const verdict = judge(evidence, { pgdrill: '0.1.0' });
    expect(verdict.outcome).toBe('failed');
    const findings = verdict.checks.flatMap((check) => check.findings).filter(({ status }) => status === 'failed');
    expect(findings.map(({ check, episode }) => [check, episode])).toEqual([['archive', 0]]);
  });

  test("a drill's own check › is judged beside the others; one that throws or says nothing is unverified", () => {
    const own = (id: string, examine: Check['examine']): Check => ({
      id,
      version: 1,
      title: id,
      oracle: 0,
      applies: () => true,
      examine,
    });
    const checks = [
      ...standardChecks,
      own('throws', () => {
        throw new Error('no such thing');
      }),
      own('silent', () => []),
    ];
    const verdict = judge(honestEvidence(), { pgdrill: '0.1.0', checks });
    expect(verdict).toMatchObject({ outcome: 'unverified', reason: 'unverified: throws, silent' });
    expect(verdict.checks.at(-2)?.findings[0]?.found).toBe('the evidence could not be read: no such thing');
  });
});

describe('expectations', () => {
  const expecting = (expectation: Expectation, id?: string, vary?: (spoiled: Spoiled) => void) => {
    const evidence = honestEvidence((spoiled) => {
      spoiled.episode.expectation = expectation;
      vary?.(spoiled);
    });
    return judge(id === undefined ? evidence : spoiledBy(id, evidence), { pgdrill: '0.1.0' });
  };
  const red = (outcome: 'failed' | 'unverified', ...by: string[]): Expectation => ({ kind: 'verdict', outcome, by });

  test('red by exactly these checks › passed, and what the checks said is kept', () => {
    expect(expecting(red('failed', 'objectives', 'acknowledged-writes'), 'write-lost')).toMatchObject({
      outcome: 'passed',
      expected: { met: true, checksSaid: 'failed', red: ['acknowledged-writes', 'objectives'] },
    });
    expect(expecting(red('unverified', 'accident'), 'accident-never-fired')).toMatchObject({
      outcome: 'passed',
      expected: { met: true, red: ['accident'] },
    });
  });

  test.each<[string, string | undefined, ((spoiled: Spoiled) => void) | undefined, boolean]>([
    ['a check is red', 'archive-gap', undefined, true],
    ['the recovery did not come to its end', undefined, stop('recover', 'PGDRILL_DEADLINE'), true],
    ['nothing is red', undefined, undefined, false],
    ['evidence is missing', 'no-baseline', undefined, false],
    ['the accident has no proof', 'accident-never-fired', undefined, false],
  ])('red by whatever check › %s', (_name, id, vary, met) => {
    const said = expecting({ kind: 'red' }, id, vary);
    expect(said).toMatchObject({ outcome: met ? 'passed' : 'failed', expected: { met } });
    if (!met) expect(said.reason).toMatch(/^expected a failed verdict; the checks said (passed|unverified)$/);
  });

  test('red by whatever check › a run that broke down elsewhere says nothing', () => {
    expect(expecting({ kind: 'red' }, undefined, stop('switchover'))).toMatchObject({ outcome: 'unverified' });
  });

  test.each<[string, Expectation, string | undefined]>([
    ['one red too few', red('failed', 'acknowledged-writes', 'objectives', 'timeline'), 'write-lost'],
    ['one red too many', red('failed', 'acknowledged-writes'), 'write-lost'],
    ['all green', red('failed', 'content'), undefined],
    ['another outcome', red('failed', 'content'), 'no-baseline'],
  ])('%s › failed, naming both sets', (_name, expectation, id) => {
    const verdict = expecting(expectation, id);
    expect(verdict).toMatchObject({ outcome: 'failed', code: 'PGDRILL_EXPECTATION_UNMET', expected: { met: false } });
    expect(verdict.reason).toMatch(/^expected the checks to say failed by .*; they said .* by /);
  });

  test('unverified beside › any may be, unless they are told: then exactly these', () => {
    const { reds, unverified = [] } = there(
      evidenceSabotages.find(({ id }) => id === 'member-gone'),
      'member-gone',
    );
    expect(unverified.length).toBeGreaterThan(1);
    const told = (beside?: string[]) =>
      expecting({ ...red('failed', ...reds), ...(beside ? { unverified: beside } : {}) } as Expectation, 'member-gone');
    expect(told().outcome).toBe('passed');
    expect(told([...unverified].reverse()).outcome).toBe('passed');
    expect(told(unverified.slice(1))).toMatchObject({ outcome: 'failed', expected: { met: false } });
    expect(told([...unverified, 'archive']).reason).toMatch(/^expected .* failed by members, unverified .*archive/);
  });

  test('an accident that stopped the run for lack of proof › is what its sabotage expects', () => {
    const verdict = expecting(red('unverified', 'accident'), undefined, (spoiled) => {
      stop('accident', 'PGDRILL_ACCIDENT_UNPROVEN')(spoiled);
      there(spoiled.episode.incident, 'incident').proof.took = false;
      delete spoiled.episode.recovery;
      spoiled.episode.clusters = {};
    });
    expect(verdict).toMatchObject({
      outcome: 'passed',
      expected: { met: true, checksSaid: 'unverified', red: ['accident'] },
    });
  });

  test('a breakdown elsewhere › meets no expectation', () => {
    expect(expecting(red('unverified', 'accident'), undefined, stop('observe'))).toMatchObject({
      outcome: 'unverified',
      code: 'PGDRILL_X',
    });
    expect(expecting(red('failed', 'content'), 'row-removed', stop('boot', 'PGDRILL_INTERRUPTED', true)).outcome).toBe(
      'unverified',
    );
  });

  test('unreadable evidence › caps an expectation that was met', () => {
    const verdict = expecting(
      red('failed', 'archive'),
      'archive-gap',
      ({ evidence }) => void evidence.unreadable.push('line 3: not JSON'),
    );
    expect(verdict.outcome).toBe('unverified');
  });

  test('refused › with this code, and no other', () => {
    const refusal: Expectation = { kind: 'refused', code: 'PGDRILL_WAL_GAP' };
    const refusedWith = (code: string) =>
      expecting(refusal, undefined, ({ recovery }) => void Object.assign(recovery, { outcome: 'refused', code }));
    expect(refusedWith('PGDRILL_WAL_GAP')).toMatchObject({ outcome: 'passed', expected: { met: true } });
    expect(refusedWith('PGDRILL_NO_BACKUP')).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('found PGDRILL_NO_BACKUP'),
    });
    expect(expecting(refusal)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('found recovery done'),
    });
    const thrown = expecting(refusal, undefined, (spoiled) => {
      delete spoiled.episode.recovery;
      stop('recover', 'PGDRILL_WAL_GAP')(spoiled);
    });
    expect(thrown.outcome).toBe('passed');
  });

  test('refused › without proof of the accident, or after a breakdown elsewhere, is unverified', () => {
    const refusal: Expectation = { kind: 'refused', code: 'PGDRILL_WAL_GAP' };
    expect(expecting(refusal, 'accident-never-fired')).toMatchObject({
      outcome: 'unverified',
      code: 'PGDRILL_ACCIDENT_UNPROVEN',
    });
    expect(expecting(refusal, undefined, stop('observe'))).toMatchObject({ outcome: 'unverified', code: 'PGDRILL_X' });
  });

  test('lost writes › the sabotage is the same for every member', () => {
    const verdict = expecting(red('failed', 'acknowledged-writes', 'objectives'), undefined, ({ leader }) => {
      leader.ledger = without(leader.ledger, 12);
    });
    expect(verdict.outcome).toBe('passed');
  });
});

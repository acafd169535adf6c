import type { EventBody, RunEvent } from '../record/events';
import { sessionRunSchema } from '../record/session';
import type { Verdict } from '../record/verdict';
import { RunSummary } from './run-summary';
import { caseOfEvent, casesOfEnd } from './test-cases';

const head = { run: 'r1', drill: 'd', title: 'D', seed: 7, started: '2026-11-21T06:00:00.000000Z' };
const verdict: Verdict = {
  format: 1,
  pgdrill: '0.1.0',
  run: 'r1',
  drill: 'd',
  title: 'D',
  seed: 7,
  stack: 'bookworm',
  outcome: 'passed',
  checks: [],
  notCovered: [],
  figures: {},
};

function after(...bodies: EventBody[]): RunSummary {
  const summary = new RunSummary(head);
  bodies.forEach((body, seq) => summary.take({ ...body, seq, at: '2026-11-21T06:00:01.000000Z' } as RunEvent));
  return summary;
}
const begun = (phase: string): EventBody => ({ kind: 'phase-started', phase, title: phase });
const done = (phase: string): EventBody => ({
  kind: 'phase-ended',
  phase,
  title: phase,
  outcome: 'done',
  durationMs: 5,
});
const killed = { how: 'SIGKILL' };

describe('summary of a run', () => {
  test('with a verdict › is what the verdict says', () => {
    const run = after(begun('boot'), done('boot'), { kind: 'verdict', verdict }).result(
      { how: 'exit code 0' },
      false,
      9,
      false,
    );
    expect(sessionRunSchema.parse(run)).toMatchObject({ outcome: 'passed', exitCode: 0, dir: 'r1', durationMs: 9 });
    expect(run.stopped).toBeUndefined();
  });

  test('a run that never began › is called as its process says', () => {
    const said = { drill: { id: 'd-without-mend', title: 'D; without mend' }, interrupted: false };
    expect(after().result({ how: 'exit code 2', said }, false, 9, false)).toMatchObject({
      drill: 'd-without-mend',
      title: 'D; without mend',
    });
  });

  test('process killed before the accident › not-run, naming phase and signal', () => {
    const run = after(begun('boot'), done('boot'), begun('load')).result(killed, false, 9, false);
    expect(sessionRunSchema.parse(run)).toMatchObject({
      outcome: 'not-run',
      exitCode: 2,
      stopped: { phase: 'load', code: 'PGDRILL_DRILL_PROCESS_DIED', what: expect.stringContaining('SIGKILL') },
      phases: [
        { phase: 'boot', outcome: 'done' },
        { phase: 'load', outcome: 'cut' },
      ],
    });
  });

  test('process killed once the accident had begun › unverified, never passed', () => {
    const run = after(begun('accident')).result(killed, false, 9, false);
    expect(run).toMatchObject({ outcome: 'unverified', exitCode: 3 });
  });

  test('interrupted without a verdict › unverified (interrupted), 130', () => {
    expect(after().result(killed, true, 9, false)).toMatchObject({
      outcome: 'unverified',
      interrupted: true,
      exitCode: 130,
    });
  });

  test('interrupted when the verdict was there already › the verdict counts', () => {
    expect(after({ kind: 'verdict', verdict }).result(killed, true, 9, false)).toMatchObject({
      outcome: 'passed',
      exitCode: 0,
    });
  });

  test('a drill that could not be loaded › not-run with what was thrown', () => {
    const error = { code: 'PGDRILL_DRILL_UNLOADABLE', what: 'x cannot be loaded' };
    const run = after().result({ how: 'exit code 2', said: { interrupted: false, error } }, false, 9, false);
    expect(run).toMatchObject({ outcome: 'not-run', stopped: error });
  });

  test('several errors › the first is why it stopped', () => {
    const error = (code: string): EventBody => ({ kind: 'error', phase: 'boot', code, what: code, interrupted: false });
    expect(after(error('PGDRILL_A'), error('PGDRILL_B')).result(killed, false, 9, false).stopped?.code).toBe(
      'PGDRILL_A',
    );
  });

  test('a skipped run › 0, and 2 when strict', () => {
    const skipped = after({ kind: 'verdict', verdict: { ...verdict, outcome: 'skipped' } });
    expect(skipped.result(killed, false, 9, false).exitCode).toBe(0);
    expect(skipped.result(killed, false, 9, true).exitCode).toBe(2);
  });
});

describe('cases of a run under Jest', () => {
  const finding = {
    check: 'timeline',
    status: 'failed' as const,
    episode: 0,
    member: 'db2',
    expected: '3',
    found: '2',
  };
  const red = {
    check: 'timeline',
    version: 1,
    title: 'the timeline is right',
    oracle: 6,
    status: 'failed' as const,
    findings: [finding],
  };
  const idle = { ...red, check: 'archive', status: 'not-applicable' as const, findings: [] };
  const ended = (over: Partial<Verdict>) =>
    after({ kind: 'verdict', verdict: { ...verdict, ...over } }).result(killed, false, 9, false);

  test('a phase that ended › a case of its own', () => {
    expect(caseOfEvent({ ...done('boot'), seq: 1, at: '' } as RunEvent)).toEqual({
      title: 'boot',
      status: 'passed',
      durationMs: 5,
    });
    expect(caseOfEvent({ ...begun('boot'), seq: 1, at: '' } as RunEvent)).toBeUndefined();
  });

  test.each([
    ['refused, as the drill expects', 'passed', 'recovered (stopped, as expected)', 'passed'],
    ['that nobody expected', 'failed', 'recovered', 'failed'],
  ] as const)('a phase that stopped › %s', (_how, outcome, title, status) => {
    const run = after(
      { kind: 'phase-ended', phase: 'recover', title: 'recovered', outcome: 'failed', durationMs: 5 },
      { kind: 'verdict', verdict: { ...verdict, outcome } },
    ).result(killed, false, 9, false);
    expect(casesOfEnd(run)).toMatchObject([{ title, status }, { status }]);
  });

  test('a red check › fails with member, expected and found', () => {
    const [check, last] = casesOfEnd(ended({ outcome: 'failed', checks: [red, idle] }));
    expect(check).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/db2\n {2}expected: 3\n {2}found: {4}2/),
    });
    expect(last).toMatchObject({ title: 'verdict (not applicable: archive)', status: 'failed' });
  });

  test.each(['unverified', 'not-run'] as const)('%s › fails with that word first', (outcome) => {
    const cases = casesOfEnd(ended({ outcome, reason: 'so it is', code: 'PGDRILL_X' }));
    expect(cases.at(-1)).toMatchObject({ status: 'failed', message: `${outcome}: so it is\ncode: PGDRILL_X` });
  });

  test('a live sabotage that was caught › has no failed case', () => {
    const expectation = { kind: 'verdict' as const, outcome: 'failed' as const, by: ['timeline'] };
    const expected = { expectation, met: true, checksSaid: 'failed' as const, red: ['timeline'] };
    expect(casesOfEnd(ended({ expected, checks: [red] })).map((one) => one.status)).toEqual(['passed', 'passed']);
  });

  test('a recovery that lacks a cure, and is red › has no failed case', () => {
    const expected = {
      expectation: { kind: 'red' as const },
      met: true,
      checksSaid: 'failed' as const,
      red: ['timeline'],
    };
    expect(casesOfEnd(ended({ expected, checks: [red] })).map((one) => one.status)).toEqual(['passed', 'passed']);
  });

  test('skipped › is no pass', () => {
    expect(casesOfEnd(ended({ outcome: 'skipped' })).at(-1)?.status).toBe('pending');
  });
});

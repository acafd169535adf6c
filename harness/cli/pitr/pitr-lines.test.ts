import type { EventBody, RunEvent } from '../../record/events';
import type { RecoveryMode, RecoveryPlan } from '../../record/recovery';
import { PitrLines } from './pitr-lines';

const step = (id: string) => ({ id, title: `do ${id}`, commands: [], changes: 'nothing' });
const plan = (ids: string[], mode: RecoveryMode = 'cluster'): EventBody => ({
  kind: 'recovery-planned',
  episode: 0,
  plan: { strategy: 'isolated-node', mode, steps: ids.map(step) } as unknown as RecoveryPlan,
});
const started = (id: string): EventBody => ({ kind: 'step-started', episode: 0, step: id, title: `do ${id}` });
const ended = (id: string, summary: string, outcome: 'done' | 'failed' = 'done'): EventBody => ({
  kind: 'step-ended',
  episode: 0,
  step: id,
  title: `do ${id}`,
  outcome,
  durationMs: 1234,
  summary,
});

function shown(bodies: EventBody[], lines = new PitrLines({ colour: false })): string[] {
  return bodies.flatMap((body, seq) => lines.of({ ...body, seq, at: '' } as RunEvent, seq * 1000));
}

describe('the lines of a recovery', () => {
  it('number the steps as the plan does, what is saved first and the verification beside them', () => {
    expect(
      shown([
        plan(['fence', 'restore']),
        { kind: 'phase-started', phase: 'before', title: 'save what the cluster looks like' },
        { kind: 'phase-ended', phase: 'before', title: '', outcome: 'done', durationMs: 400, summary: '3 members' },
        started('fence'),
        ended('fence', 'a write is refused on db1, db2'),
        started('restore'),
        ended('restore', '91 MB in place'),
        { kind: 'phase-started', phase: 'observe', title: 'verify what came back' },
      ]),
    ).toEqual([
      '[·  ] save what the cluster looks like',
      '      ✓ 3 members (0.4 s)',
      '[1/2] do fence',
      '      ✓ a write is refused on db1, db2 (1.2 s)',
      '[2/2] do restore',
      '      ✓ 91 MB in place (1.2 s)',
      '[·  ] verify what came back',
    ]);
  });

  it('what is not verified has no tick', () => {
    const verify = (summary: string): EventBody[] => [
      { kind: 'phase-started', phase: 'observe', title: 'verify' },
      { kind: 'phase-ended', phase: 'observe', title: 'verify', outcome: 'done', durationMs: 100, summary },
    ];
    expect(shown([plan(['a']), ...verify('verified')])[1]).toBe('      ✓ verified (0.1 s)');
    expect(shown([plan(['a']), ...verify('not verified')])[1]).toBe('      ? not verified (0.1 s)');
    expect(shown([plan(['a']), ...verify('something is wrong')])[1]).toBe('      ✗ something is wrong (0.1 s)');
  });

  it('say whose they are where steps go on beside each other', () => {
    expect(
      shown([
        plan(['rejoin', 'rearm']),
        started('rejoin'),
        started('rearm'),
        ended('rejoin', 'both'),
        ended('rearm', 'yes'),
      ]),
    ).toEqual(['[1/2] do rejoin', '[2/2] do rearm', '[1/2] ✓ both (1.2 s)', '      ✓ yes (1.2 s)']);
  });

  it('show failures and warnings in full', () => {
    expect(
      shown([
        plan(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], 'apply'),
        started('b'),
        { kind: 'warning', text: 'one\ntwo' },
        ended('b', 'no', 'failed'),
      ]),
    ).toEqual(['[2/8] do b', '      warning: one; two', '      ✗ no (1.2 s)']);
  });

  it('a step that goes on is shown after 2 s, with what it is doing', () => {
    const lines = new PitrLines({ colour: false });
    shown([plan(['a', 'b']), started('a'), { kind: 'note', text: 'copying' }], lines);
    expect(lines.region(2_900, 80, 24)).toEqual([]);
    expect(lines.region(3_000, 80, 24)).toEqual([expect.stringMatching(/^ {6}\S 2\.0 s copying$/)]);
    expect(lines.region(3_000, 30, 24)[0]!.length).toBeLessThan(30);
    shown([started('b')], lines);
    expect(lines.region(30_000, 80, 24)).toEqual([
      expect.stringMatching(/^\[1\/2\] \S 29\.0 s copying$/),
      expect.stringMatching(/^ {6}\S 30\.0 s$/),
    ]);
  });

  it('in a log a step says now and then that it goes on', () => {
    const lines = new PitrLines({ colour: false });
    shown([plan(['a']), started('a')], lines);
    expect(lines.tick(30_999)).toEqual([]);
    expect(lines.tick(31_000)).toEqual(['      … still at it after 30.0 s']);
    expect(lines.tick(32_000)).toEqual([]);
  });
});

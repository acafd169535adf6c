import { planIsolatedNodePitr } from '../../recovery/plan/plan-pitr';
import { sampleFacts, sampleRequest } from '../../recovery/plan/sample-facts';
import type { RecoveryMode } from '../../record/recovery';
import { endingLines, exitCodeOfEnded, stoppedLines, type Ended } from './ending';

function ended(mode: RecoveryMode, change: Partial<Ended> = {}): Ended {
  const request = sampleRequest({ mode });
  const plan = planIsolatedNodePitr(request, sampleFacts());
  return {
    request,
    plan,
    result: { strategy: 'isolated-node', outcome: 'done', newTimeline: 4, durationMs: 1 },
    scope: 'patroni1',
    durationMs: 12_345,
    command: 'pgdrill pitr',
    containerOf: (member) => `c-${member}`,
    report: 'reports/out/x',
    ...change,
  };
}
const verification = (outcome: 'passed' | 'failed' | 'unverified') => ({
  outcome,
  checklist: [{ title: 'timeline', state: 'ok' as const, found: '4' }],
  notCovered: ['content: no baseline'],
});

describe('the end of a recovery', () => {
  it('says that it is verified, what was looked at and what not, and what was discarded', () => {
    const result = { ...ended('cluster').result, discarded: { before: 310, during: 3 } };
    const text = endingLines(ended('cluster', { verification: verification('passed'), result })).join('\n');
    expect(text).toContain('Recovered and verified: db2 leads patroni1, recovered as timeline 4 (12.3 s)');
    expect(text).toMatch(/✓ timeline {2,}4/);
    expect(text).toMatch(/– not seen {2,}content: no baseline/);
    expect(text).toContain(
      '313 transactions committed after the target: 310 before the recovery began, 3 while it went on',
    );
    expect(text).not.toContain('--rollback');
  });

  it('never calls verified what was not, nor well what is wrong', () => {
    expect(endingLines(ended('cluster', { verification: verification('unverified') })).join('\n')).toContain(
      'Recovered, NOT verified: db2',
    );
    expect(endingLines(ended('cluster', { verification: verification('failed') })).join('\n')).toContain(
      'something is WRONG: db2',
    );
  });

  it('a recovery beside the cluster › how to go on and back come last', () => {
    const lines = endingLines(ended('restore', { verification: verification('passed') }));
    const text = lines.join('\n');
    expect(text).toContain('db2 is recovered and promoted, outside Patroni, on timeline 4');
    expect(text).toContain('# 1. ');
    const tail = lines.slice(-5).join('\n');
    expect(tail).toMatch(/kept: \S+ in c-db2/);
    expect(tail).toMatch(/pgdrill pitr --resume \S+ --auto-start/);
    expect(tail).toMatch(/pgdrill pitr --rollback/);
  });

  it('old data kept › so is the way back', () => {
    const kept = ended('cluster', { request: sampleRequest({ keepOld: true }), verification: verification('passed') });
    expect(endingLines(kept).join('\n')).toMatch(/way back +pgdrill pitr --rollback \S+/);
  });

  it('files › no word of a data directory but that none was touched', () => {
    const text = endingLines(ended('files', { result: { strategy: '', outcome: 'waiting', durationMs: 1 } })).join(
      '\n',
    );
    expect(text).toContain('The recovery files for 2026-11-21 06:44:00.123456 UTC are made');
    expect(text).toContain('no data directory was touched');
    expect(text).toContain('What is left to do');
  });

  it.each([
    [undefined, 0],
    ['passed', 0],
    ['failed', 1],
    ['unverified', 3],
  ] as const)('verified %s › exit code %i', (outcome, code) => {
    expect(exitCodeOfEnded(outcome === undefined ? {} : { verification: verification(outcome) })).toBe(code);
  });
});

describe('a recovery that stopped half-way', () => {
  const at = {
    interrupted: true,
    done: ['a'],
    begun: true,
    steps: [
      { id: 'a', title: 'do a' },
      { id: 'b', title: 'do b' },
    ],
    id: '20261121t',
    command: 'pgdrill pitr',
    report: 'r',
  };

  it('says where it stands, and how to go on or back', () => {
    const text = stoppedLines(at).join('\n');
    expect(text).toContain('Interrupted in step 2 of 2, b: do b');
    expect(text).toContain('pgdrill pitr --resume 20261121t');
    expect(text).toContain('pgdrill pitr --rollback 20261121t');
  });

  it('with every member stopped › says so, until the recovered one leads', () => {
    const steps = ['fence', 'restore', 'lead', 'tidy'].map((id) => ({ id, title: `do ${id}` }));
    const shown = (done: string[]) => stoppedLines({ ...at, steps, done }).join('\n');
    for (const done of [['fence'], ['fence', 'restore']]) expect(shown(done)).toContain('no client can read');
    expect(shown([])).toContain('clients may not read');
    expect(shown(['fence', 'restore', 'lead'])).not.toContain('read or write');
    expect(stoppedLines(at).join('\n')).not.toContain('read or write');
  });

  it('before the first step › nothing was changed', () => {
    expect(stoppedLines({ ...at, begun: false, interrupted: false }).join('\n')).toContain(
      'Stopped before the first step: nothing was changed',
    );
  });
});

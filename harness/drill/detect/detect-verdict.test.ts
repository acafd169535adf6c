import { expectedDetections } from '../../observe/detectors/expected';
import type { EventBody, RunEvent } from '../../record/events';
import { detectVerdict, isDetection } from './detect-verdict';
import { faults } from './faults';

const [first, second] = faults.map(({ name }) => name) as [string, string];
const started: EventBody = {
  kind: 'run-started',
  format: 1,
  pgdrill: '0.1.0',
  node: 'v22',
  run: 'r',
  session: 's',
  drill: 'detect',
  title: 'who notices what',
  stack: 'bookworm',
  dataset: 'thai:tiny',
  seed: 7,
  arguments: [],
  objectives: { lostWrites: 0 },
  phases: [],
};
const begun: EventBody = {
  kind: 'detection-begun',
  faults: [first, second].map((fault) => ({ fault, title: fault })),
  detectors: ['select', 'pg-waldump'].map((detector) => ({ detector, head: 'x', title: detector })),
  versions: {},
};
const says = (episode: number, fault: string, detector: string, outcome: 'noticed' | 'missed'): EventBody => ({
  kind: 'detected',
  episode,
  fault,
  detector,
  cell: { detector, outcome },
});
const asExpected = (episode: number, fault: string): EventBody[] =>
  ['select', 'pg-waldump'].map((detector) =>
    says(episode, fault, detector, expectedDetections[fault]?.noticed.includes(detector) ? 'noticed' : 'missed'),
  );
const events = (...bodies: EventBody[]): RunEvent[] =>
  [started, ...bodies].map((body, index) => ({ ...body, seq: index + 1, at: '2026-11-21T17:00:00.000000Z' }));

describe('the verdict of pgdrill detect', () => {
  test('passed when every fault that it came to was noticed as docs/detection.md has it', () => {
    const run = events(begun, ...asExpected(0, first));
    expect(isDetection(run)).toBe(true);
    const verdict = detectVerdict(run);
    expect(verdict).toMatchObject({ outcome: 'passed', drill: 'detect' });
    expect(verdict.checks[0]?.findings).toHaveLength(1);
  });

  test('failed when one detector says otherwise, by the name of the fault', () => {
    const [a, b] = asExpected(0, first) as [EventBody & { kind: 'detected' }, EventBody];
    const other = says(0, first, 'select', a.cell.outcome === 'noticed' ? 'missed' : 'noticed');
    expect(detectVerdict(events(begun, other, b))).toMatchObject({
      outcome: 'failed',
      reason: `not as docs/detection.md has it: ${first}`,
    });
  });

  test('an error before anything was struck is no verdict on detectors', () => {
    const error: EventBody = { kind: 'error', phase: 'boot', code: 'PGDRILL_X', what: 'no room', interrupted: false };
    expect(detectVerdict(events(error))).toMatchObject({ outcome: 'not-run', code: 'PGDRILL_X' });
  });

  test('interrupted: unverified, with what had been seen', () => {
    const error: EventBody = {
      kind: 'error',
      phase: 'detect',
      code: 'PGDRILL_INTERRUPTED',
      what: 'x',
      interrupted: true,
    };
    const verdict = detectVerdict(events(begun, ...asExpected(0, first), error));
    expect(verdict).toMatchObject({ outcome: 'unverified', interrupted: true });
    expect(verdict.checks[0]?.findings).toHaveLength(1);
  });
});

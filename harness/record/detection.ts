import { z } from 'zod';
import type { EventOf, RunEvent } from './events';
import type { FindingStatus } from './finding';
import { durationMs, time } from './values';

/** What one detector said of one fault; `not-asked` with the reason, never left out. */
export const detectedOutcomeSchema = z.enum(['noticed', 'missed', 'not-asked']);
export type DetectedOutcome = z.infer<typeof detectedOutcomeSchema>;

/** One cell of the matrix fault × detector. */
export const detectionCellSchema = z.object({
  detector: z.string(),
  outcome: detectedOutcomeSchema,
  /** From the strike until the detector said so. */
  afterMs: durationMs.optional(),
  /** The first line that it said of the fault and had not said before it, as it said it. */
  message: z.string().optional(),
  /** Exit code of its command, where it is one. */
  code: z.number().int().optional(),
  /** Why it was not asked. */
  reason: z.string().optional(),
});
export type DetectionCell = z.infer<typeof detectionCellSchema>;

/** One fault of the matrix. */
export const detectionRowSchema = z.object({
  fault: z.string(),
  title: z.string(),
  /** The run whose events tell of it. */
  run: z.string(),
  /** Whom it struck; absent where it did not come to that. */
  on: z.string().optional(),
  struckAt: time.optional(),
  /** What shows that it took effect, and whether it did. */
  proof: z.object({ took: z.boolean(), expected: z.string(), found: z.string() }).optional(),
  cells: z.array(detectionCellSchema),
});
export type DetectionRow = z.infer<typeof detectionRowSchema>;

/** What `pgdrill detect` found: who notices what. */
export const detectionReportSchema = z.object({
  format: z.literal(1),
  pgdrill: z.string(),
  stack: z.string(),
  seed: z.number().int(),
  startedAt: time,
  /** Versions of what was asked, by name, as each says it itself. */
  versions: z.record(z.string(), z.string()),
  detectors: z.array(z.object({ detector: z.string(), head: z.string(), title: z.string() })),
  rows: z.array(detectionRowSchema),
});
export type DetectionReport = z.infer<typeof detectionReportSchema>;

/** Who notices a fault, as docs/detection.md says it. Every other detector misses it. */
export interface ExpectedDetection {
  noticed: readonly string[];
  /** Detectors that cannot be asked about it. */
  notAsked?: readonly string[];
  /** Those for which it is a matter of chance, and why. */
  either?: Readonly<Record<string, string>>;
}

const NOT_REACHED = 'the run ended before';

/**
 * The matrix, from the events alone: of several runs each has the faults that the runs before it did not come to.
 * @returns undefined where none of the runs is one of `pgdrill detect`
 */
export function foldDetection(runs: readonly (readonly RunEvent[])[]): DetectionReport | undefined {
  let report: DetectionReport | undefined;
  for (const events of runs) {
    const started = find(events, 'run-started');
    const begun = find(events, 'detection-begun');
    if (!started || !begun) continue;
    report ??= {
      format: 1,
      pgdrill: started.pgdrill,
      stack: started.stack,
      seed: started.seed,
      startedAt: started.at,
      versions: begun.versions,
      detectors: begun.detectors,
      rows: [],
    };
    for (const [episode, { fault, title }] of begun.faults.entries()) {
      const row = rowOf(events, { run: started.run, episode, fault, title }, begun.detectors);
      const before = report.rows.findIndex((one) => one.fault === fault);
      if (before < 0) report.rows.push(row);
      else if (!wasAsked(report.rows[before]!)) report.rows[before] = row;
    }
  }
  return report;
}

function rowOf(
  events: readonly RunEvent[],
  { episode, ...head }: { run: string; episode: number; fault: string; title: string },
  detectors: DetectionReport['detectors'],
): DetectionRow {
  const mine = events.filter((event): event is EventOf<'detected'> => event.kind === 'detected');
  const said = new Map(mine.filter((event) => event.episode === episode).map((event) => [event.detector, event.cell]));
  const incident = events.find(
    (event): event is EventOf<'incident'> => event.kind === 'incident' && event.episode === episode,
  )?.incident;
  return {
    ...head,
    ...(incident ? { on: incident.member, struckAt: incident.struckAt, proof: incident.proof } : {}),
    cells: detectors.map(
      ({ detector }) => said.get(detector) ?? { detector, outcome: 'not-asked' as const, reason: NOT_REACHED },
    ),
  };
}

/** Whether anybody was asked about a fault. */
export function wasAsked({ cells }: Pick<DetectionRow, 'cells'>): boolean {
  return cells.some(({ outcome }) => outcome !== 'not-asked');
}

/** What a cell is expected to say; undefined where either will do. */
export function expectedOutcome(
  { noticed, notAsked = [], either = {} }: ExpectedDetection,
  detector: string,
): DetectedOutcome | undefined {
  if (Object.hasOwn(either, detector)) return undefined;
  if (noticed.includes(detector)) return 'noticed';
  return notAsked.includes(detector) ? 'not-asked' : 'missed';
}

/** One row held against what is expected of it. */
export interface JudgedDetection {
  fault: string;
  status: FindingStatus;
  expected: string;
  found: string;
}

/**
 * Holds a row against what docs/ say of it. A fault that did not take effect, or that nobody was asked about, is
 * unverified: it says nothing about detectors.
 */
export function judgeRow(row: DetectionRow, expected: ExpectedDetection | undefined): JudgedDetection {
  const { fault, cells, proof } = row;
  const found = wordsOf(cells.filter(({ outcome }) => outcome === 'noticed').map(({ detector }) => detector));
  if (!wasAsked(row) || proof?.took === false) {
    const why =
      proof?.took === false ? `it did not take effect: ${proof.found}` : (cells[0]?.reason ?? 'nobody was asked');
    return { fault, status: 'unverified', expected: 'every detector is asked', found: why };
  }
  if (!expected) return { fault, status: 'failed', expected: 'a row of its own in docs/detection.md', found };
  const asked = new Set(cells.map(({ detector }) => detector));
  const wanted = wordsOf(expected.noticed.filter((name) => asked.has(name)));
  const differences = cells.flatMap((cell) => {
    const should = expectedOutcome(expected, cell.detector);
    if (should === undefined || should === cell.outcome) return [];
    return [`${cell.detector} ${inWords(cell)}, expected ${should}`];
  });
  if (differences.length === 0) return { fault, status: 'ok', expected: wanted, found };
  return { fault, status: 'failed', expected: wanted, found: differences.join('; ') };
}

function inWords({ outcome, message, reason }: DetectionCell): string {
  const why = message ?? reason;
  return why === undefined ? outcome : `${outcome} (${why})`;
}

function wordsOf(names: readonly string[]): string {
  return names.length === 0 ? 'noticed by nobody' : `noticed by ${names.join(', ')}`;
}

function find<K extends RunEvent['kind']>(events: readonly RunEvent[], kind: K): EventOf<K> | undefined {
  return events.find((event): event is EventOf<K> => event.kind === kind);
}

import {
  judgeRow,
  type DetectionCell,
  type DetectionReport,
  type DetectionRow,
  type ExpectedDetection,
} from '../harness/record/detection';
import { durationText } from './quantity';

/** Signs of the matrix fault × detector. */
export const detectionSigns = { noticed: '✓', missed: '–', 'not-asked': '·' } as const;

/** What the signs mean, in the order in which they are explained. */
export const detectionLegend: readonly (readonly [sign: string, meaning: string])[] = [
  [detectionSigns.noticed, 'noticed'],
  [detectionSigns.missed, 'missed'],
  [detectionSigns['not-asked'], 'not asked'],
];

/** One thing that was said of a fault: who noticed it, how long after, in which words. */
export interface SaidOfFault {
  detectors: string[];
  /** Of the first of them, ms from the strike. */
  afterMs: number | undefined;
  message: string;
}

/** The sign of one cell. */
export function detectionSign({ outcome }: DetectionCell): string {
  return detectionSigns[outcome];
}

/** What was said of a fault, by whom; the same words of several detectors once. Not asked: the reason. */
export function saidOf({ cells }: DetectionRow): SaidOfFault[] {
  const said = new Map<string, SaidOfFault>();
  for (const { detector, outcome, message = '', reason = '', afterMs } of cells) {
    if (outcome === 'missed') continue;
    const words = outcome === 'noticed' ? message : `not asked: ${reason}`;
    const known = said.get(words);
    if (known) known.detectors.push(detector);
    else said.set(words, { detectors: [detector], afterMs, message: words });
  }
  return [...said.values()];
}

/** `select 1.2 s`, `patroni-health, replication 0.4 s`. */
export function whoSaid({ detectors, afterMs }: SaidOfFault): string {
  const when = afterMs === undefined ? '' : ` ${durationText(afterMs)}`;
  return `${detectors.join(', ')}${when}`;
}

/** `16 faults, 15 detectors: 92 noticed, 140 missed, 8 not asked`. */
export function detectionTally({ rows, detectors }: DetectionReport): string {
  const outcomes = rows.flatMap(({ cells }) => cells.map(({ outcome }) => outcome));
  const count = (wanted: string): number => outcomes.filter((outcome) => outcome === wanted).length;
  const counts = [`${count('noticed')} noticed`, `${count('missed')} missed`, `${count('not-asked')} not asked`];
  return `${rows.length} faults, ${detectors.length} detectors: ${counts.join(', ')}`;
}

/** Detectors that noticed none of the faults. */
export function silentDetectors({ rows, detectors }: DetectionReport): string[] {
  return detectors
    .map(({ detector }) => detector)
    .filter(
      (name) => !rows.some(({ cells }) => cells.some((cell) => cell.detector === name && cell.outcome === 'noticed')),
    );
}

/** Rows that are not as they are expected to be, in words. */
export function detectionDifferences(
  { rows }: DetectionReport,
  expected: Readonly<Record<string, ExpectedDetection>>,
): string[] {
  return rows
    .map((row) => judgeRow(row, expected[row.fault]))
    .filter(({ status }) => status !== 'ok')
    .map(({ fault, found }) => `${fault}: ${found}`);
}

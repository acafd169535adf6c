import { createColors } from 'picocolors';
import type { DetectionCell, DetectionReport, DetectionRow, ExpectedDetection } from '../harness/record/detection';
import {
  detectionDifferences,
  detectionLegend,
  detectionSign,
  detectionSigns,
  detectionTally,
  saidOf,
  silentDetectors,
  whoSaid,
} from './detection-cells';
import { wrapped } from './paragraph';

export interface DetectionTextOptions {
  colour: boolean;
  /** Characters of a line. Any length when not given. */
  width?: number;
  expected: Readonly<Record<string, ExpectedDetection>>;
}

type Colours = ReturnType<typeof createColors>;

/** The matrix as people see it in a terminal: faults as rows, detectors as columns, below it the words of each. */
export function renderDetection(report: DetectionReport, { colour, width, expected }: DetectionTextOptions): string {
  const c = createColors(colour);
  const names = Math.max(0, ...report.rows.map(({ fault }) => fault.length));
  const head = report.detectors.map(({ head: short }) => short.padStart(cellWidth(short))).join('');
  const heads = report.detectors.map(({ head: short, detector }): [string, string] => [short, detector]);
  const differences = detectionDifferences(report, expected);
  const silent = silentDetectors(report);
  const sections = [
    [...legend(heads, width), ...legend(detectionLegend, width)].map((line) => c.dim(line)),
    [c.dim(`${' '.repeat(names)}${head}`), ...report.rows.map((row) => matrixRow(row, report, names, c))],
    ...report.rows.map((row) => words(row, width, c)).filter((lines) => lines.length > 1),
    silent.length > 0 ? wrapped(`Noticed none of these: ${silent.join(', ')}.`, width) : [],
    differences.flatMap((line) => wrapped(`not as docs/detection.md has it: ${line}`, width).map(c.red)),
    [differences.length === 0 ? c.green(detectionTally(report)) : c.red(detectionTally(report))],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function cellWidth(head: string): number {
  return Math.max(2, head.length + 1);
}

function matrixRow({ fault, cells }: DetectionRow, { detectors }: DetectionReport, names: number, c: Colours): string {
  const said = new Map(cells.map((cell) => [cell.detector, cell]));
  const marks = detectors.map(({ detector, head }) => {
    const cell = said.get(detector) ?? { detector, outcome: 'not-asked' as const };
    return `${' '.repeat(cellWidth(head) - 1)}${inColour(cell, c)}`;
  });
  return `${fault.padEnd(names)}${marks.join('')}`;
}

function inColour(cell: DetectionCell, c: Colours): string {
  const sign = detectionSign(cell);
  if (sign === detectionSigns.noticed) return c.green(sign);
  return sign === detectionSigns.missed ? c.red(sign) : c.dim(sign);
}

/** Messages are not broken: they are to be searched for. */
function words(row: DetectionRow, width: number | undefined, c: Colours): string[] {
  const on = row.on === undefined ? '' : ` on ${row.on}`;
  return [
    ...wrapped(`${row.fault}${on}: ${row.title}`, width).map(c.bold),
    ...saidOf(row).flatMap((said) => [`  ${whoSaid(said)}`, `      ${said.message}`]),
  ];
}

/** Signs with their meanings; a sign stays on the line on which its meaning begins. */
function legend(pairs: readonly (readonly [sign: string, meaning: string])[], width = 100): string[] {
  const text = pairs.map(([sign, meaning]) => `${sign}\u00a0${meaning}`).join(', ');
  return wrapped(text, width).map((line) => line.replaceAll('\u00a0', ' '));
}

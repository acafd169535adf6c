import { createColors } from 'picocolors';
import { isSound, sabotageOutcome, type SabotageReport, type SabotageRow } from '../harness/record/sabotage';
import { labelled, wrapped } from './paragraph';
import {
  sabotageColumns,
  sabotageMisses,
  sabotageSign,
  sabotageSigns,
  signLegend,
  type SabotageColumn,
  type SabotageSign,
} from './sabotage-cells';
import { sabotageGrounds, sabotageProblems, sabotagesByKind, sabotageTally } from './sabotage-summary';

export interface SabotageTextOptions {
  colour: boolean;
  /** Characters of a line; a table that does not fit becomes one line for each sabotage. Any length when not given. */
  width?: number;
}

type Colours = ReturnType<typeof createColors>;

/** Characters of a column: its head with a space before it, so that the sign stands under the head's end. */
const cellWidth = ({ head }: SabotageColumn): number => Math.max(3, head.length + 1);
const words = { noticed: 'noticed', missed: 'MISSED', skipped: 'skipped' };

/** The table sabotage × check as people see it in a terminal or a log. */
export function renderSabotages(report: SabotageReport, { colour, width }: SabotageTextOptions): string {
  const c = createColors(colour);
  const columns = sabotageColumns(report);
  const idWidth = Math.max(0, ...report.rows.map(({ id }) => id.length));
  const needed = idWidth + 2 + columns.reduce((sum, column) => sum + cellWidth(column), 0) + 2 + words.noticed.length;
  const asTable = width === undefined || needed <= width;
  const row = asTable ? tableRow(columns, idWidth, c) : lineRow(columns, c);
  const head = asTable
    ? [c.dim(`${' '.repeat(idWidth + 2)}${columns.map((column) => column.head.padStart(cellWidth(column))).join('')}`)]
    : [];
  const sections = [
    legend(asTable ? columns : [], c, width),
    ...sabotagesByKind(report.rows).map(({ title, rows }) => [c.bold(title), ...head, ...rows.map(row)]),
    sabotageProblems(report).flatMap((line) => wrapped(line, width).map(c.red)),
    misses(report.rows, width),
    sabotageGrounds(report).flatMap((line) => wrapped(`tried on ${line}`, width)),
    [isSound(report) ? c.green(sabotageTally(report.rows)) : c.red(sabotageTally(report.rows))],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function legend(columns: readonly SabotageColumn[], c: Colours, width: number | undefined): string[] {
  const heads = columns.map(({ head, check }): [string, string] => [head, check]);
  return [heads, signLegend].flatMap((pairs) => explained(pairs, width ?? 100)).map((line) => c.dim(line));
}

/** Signs with their meanings; a sign stays on the line on which its meaning begins. */
function explained(pairs: readonly (readonly [sign: string, meaning: string])[], width: number): string[] {
  if (pairs.length === 0) return [];
  const text = pairs.map(([sign, meaning]) => `${sign}\u00a0${meaning}`).join(', ');
  return wrapped(text, width).map((line) => line.replaceAll('\u00a0', ' '));
}

function tableRow(columns: readonly SabotageColumn[], idWidth: number, c: Colours) {
  return (row: SabotageRow): string => {
    const cells = columns.map((column) => {
      const sign = sabotageSign(row, column.check);
      return `${' '.repeat(cellWidth(column) - 1)}${inColour(sign, c)}`;
    });
    return `${row.id.padEnd(idWidth)}  ${cells.join('')}  ${outcomeWord(row, c)}`;
  };
}

function lineRow(columns: readonly SabotageColumn[], c: Colours) {
  return (row: SabotageRow): string => {
    const cells = columns.flatMap(({ check }) => {
      const sign = sabotageSign(row, check);
      return sign === sabotageSigns.none ? [] : [`${inColour(sign, c)} ${check}`];
    });
    const gap = sabotageOutcome(row) === 'missed' ? '  ' : ' ';
    return `${outcomeWord(row, c)}${gap}${row.id}: ${cells.join(', ') || 'nothing'}`;
  };
}

function misses(rows: readonly SabotageRow[], width: number | undefined): string[] {
  const room = width === undefined ? {} : { width };
  return rows
    .filter((row) => sabotageOutcome(row) !== 'noticed')
    .flatMap((row) =>
      sabotageMisses(row).flatMap((why) =>
        labelled(sabotageOutcome(row), `${row.id} ${why}`, { indent: 0, column: 9, ...room }),
      ),
    );
}

function outcomeWord(row: SabotageRow, c: Colours): string {
  const colours = { noticed: c.green, missed: c.red, skipped: c.yellow };
  const outcome = sabotageOutcome(row);
  return colours[outcome](words[outcome]);
}

function inColour(sign: SabotageSign, c: Colours): string {
  switch (sign) {
    case sabotageSigns.red:
      return c.green(sign);
    case sabotageSigns.unverified:
    case sabotageSigns.beside:
      return c.yellow(sign);
    case sabotageSigns.wronglyRed:
    case sabotageSigns.missing:
      return c.bold(c.red(sign));
    default:
      return sign;
  }
}

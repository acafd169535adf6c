import { durationText } from '../../../reports/quantity';

/** One line of a view before it is laid out. */
export interface Row {
  /** Wall clock, `12:03:04`; terminals do without. */
  clock?: string | undefined;
  /** The drill, where several run. */
  drill?: string | undefined;
  sign?: string | undefined;
  name: string;
  text: string;
  durationMs?: number | undefined;
  /** Steps stand under their phase. */
  indent?: number | undefined;
}

/** Columns of a view. */
export interface Layout {
  /** Characters of a line; longer texts are cut when `cut`, else they only push the duration to the right. */
  width: number;
  cut: boolean;
  /** Width of indent, sign and name together: texts of phases and of steps stand under each other. */
  nameColumn: number;
  /** Width of the drill's column, 0 for none. */
  drillColumn: number;
}

const durationColumn = 12;

/** Lays a row out: clock, drill, sign, name, text, and the duration at the right. */
export function rowText(row: Row, layout: Layout): string {
  const drill = layout.drillColumn > 0 ? `${(row.drill ?? '').padEnd(layout.drillColumn)} ` : '';
  const clock = row.clock === undefined ? '' : `${row.clock} `;
  const sign = row.sign === undefined ? '' : `${row.sign} `;
  const name = `${' '.repeat(row.indent ?? 0)}${sign}${row.name}`.padEnd(layout.nameColumn);
  const head = `${clock}${drill}${name} `;
  const room = layout.width - head.length - durationColumn;
  const text = layout.cut ? cutText(row.text, Math.max(room, 8)) : row.text;
  if (row.durationMs === undefined) return `${head}${text}`.trimEnd();
  return `${head}${text.padEnd(Math.max(room, 8))}${durationText(row.durationMs).padStart(durationColumn)}`;
}

/** The text, ended by an ellipsis where it is longer than the width. Control characters never reach a terminal. */
export function cutText(text: string, width: number): string {
  const clean = oneLine(text);
  return clean.length <= width ? clean : `${clean.slice(0, Math.max(width - 1, 0))}…`;
}

/** The text on one line, without control characters. */
export function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, '; ').replace(/[\u0000-\u001f\u007f]/g, ' ');
}

/** The local wall clock of an event: `12:03:04`. */
export function clockOf(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '--:--:--' : date.toTimeString().slice(0, 8);
}

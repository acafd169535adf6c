import { cutText } from './views/row';

/**
 * Rows in columns as wide as their longest cell, two spaces apart.
 * @param width characters of a line: the last column is cut there; not cut when not given
 */
export function tableText(head: readonly string[], rows: readonly (readonly string[])[], width?: number): string {
  const last = head.length - 1;
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const before = widths.slice(0, last).reduce((sum, one) => sum + one + 2, 0);
  const line = (row: readonly string[]) =>
    head
      .map((_, column) => {
        const cell = row[column] ?? '';
        if (column < last) return cell.padEnd(widths[column] ?? 0);
        return width === undefined ? cell : cutText(cell, Math.max(width - before, 10));
      })
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}

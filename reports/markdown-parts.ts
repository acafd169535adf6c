/** Parts of Markdown (CommonMark, and GitHub's tables). Pure. */

export function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

/** A table; cells are written as they are given. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

/** Text that means itself, in one line. */
export function escaped(text: string): string {
  return text.replace(/[\\|*<>]/g, (sign) => `\\${sign}`).replace(/\s*\n\s*/g, ' ');
}

/**
 * Breaks a text into lines at spaces. A word longer than a line stays whole: paths and commands are to be copied.
 * @param width characters of a line; no breaking when not given
 */
export function wrapped(text: string, width = Number.POSITIVE_INFINITY): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(width, 20)));
}

/** Label in a column of its own, text beside it, further lines of the text under the text. */
export function labelled(
  label: string,
  text: string,
  at: { indent: number; column: number; width?: number },
): string[] {
  const start = at.indent + at.column;
  const lines = wrapped(text, at.width === undefined ? undefined : at.width - start);
  return lines.map((line, index) => {
    const head = index === 0 ? `${' '.repeat(at.indent)}${label.padEnd(at.column)}` : ' '.repeat(start);
    return `${head}${line}`.trimEnd();
  });
}

/**
 * The text without characters that a terminal outside UTF-8 cannot show. Only pgdrill's own signs are replaced; what
 * PostgreSQL or a user wrote stays as it is.
 */
export function inAscii(text: string): string {
  return text.replace(/[✓✗–—·…→×●○⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g, (sign) => asciiSigns[sign] ?? '*');
}

const asciiSigns: Record<string, string> = {
  '✓': '+',
  '✗': 'x',
  '–': '-',
  '—': '-',
  '·': '-',
  '…': '...',
  '→': '->',
  '×': 'x',
  '●': '*',
  '○': 'o',
};

function wrapLine(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const lines: string[] = [];
  let rest = '';
  for (const word of line.split(' ')) {
    if (rest !== '' && rest.length + 1 + word.length > width) {
      lines.push(rest);
      rest = word;
    } else {
      rest = rest === '' ? word : `${rest} ${word}`;
    }
  }
  return [...lines, rest];
}

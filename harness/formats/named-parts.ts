/**
 * Reads what a script printed in several parts, each behind a line "== <name>".
 * @param name what a whole name looks like: another line that begins so belongs to the part that it stands in
 * @returns what stands before the first of them, and the text of each, of two of one name the last
 */
export function namedParts(text: string, name: RegExp): { before: string; parts: Map<string, string> } {
  const [before = '', ...rest] = text.split(new RegExp(`^== (?=${name.source}$)`, 'm'));
  const parts = rest.map((part): [string, string] => {
    const end = `${part}\n`.indexOf('\n');
    return [part.slice(0, end), part.slice(end + 1)];
  });
  return { before, parts: new Map(parts) };
}

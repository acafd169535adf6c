import { FormatError } from './format-error';

/** A query of which something is expected, as it was written. */
export interface WrittenExpectation {
  /** Absent where none was named. */
  database?: string;
  sql: string;
  /** The value's text; `t`, PostgreSQL's text of true, where the query says itself what it expects. */
  expected: string;
}

/**
 * Reads `[database: ]query[ => value]`:
 *
 *     SELECT count(*) = 3276 FROM book.tickets
 *     thai: SELECT count(*) FROM book.tickets => 3276
 *     thai: SELECT max(name) FROM book.bus => 'a value with spaces at its end '
 *
 * The arrow counts outside of parentheses and quotes only, for within them it names an argument of a function
 * (PostgreSQL documentation, 4.3.2 "Using Named Notation").
 * @throws FormatError
 */
export function parseExpectation(text: string): WrittenExpectation {
  const [, database, rest = ''] = /^\s*(?:([A-Za-z_][\w$.-]*):\s+)?(.*)$/s.exec(text) ?? [];
  const at = lastArrow(rest);
  const sql = (at === undefined ? rest : rest.slice(0, at)).replace(/[\s;]+$/, '').trim();
  if (sql === '') throw new FormatError('expectation', text, 'there is no query in it');
  if (!/^(select|with|values|table|show)\b/i.test(sql))
    throw new FormatError('expectation', text, 'a query begins with SELECT, WITH, VALUES, TABLE or SHOW');
  return {
    ...(database === undefined ? {} : { database }),
    sql,
    expected: at === undefined ? 't' : valueOf(rest.slice(at + 2), text),
  };
}

/** A value as written: in quotes it keeps its spaces, and a quote is doubled. */
function valueOf(written: string, text: string): string {
  const value = written.trim();
  if (value === '') throw new FormatError('expectation', text, "there is no value behind =>; an empty one is ''");
  const quoted = /^'(.*)'$/s.exec(value)?.[1];
  return quoted === undefined ? value : quoted.replaceAll("''", "'");
}

/** Place of the last arrow outside of parentheses, quotes and quoted names. */
function lastArrow(text: string): number | undefined {
  let depth = 0;
  let quote: string | undefined;
  let found: number | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '(' || character === '[') depth += 1;
    else if (character === ')' || character === ']') depth -= 1;
    else if (depth === 0 && character === '=' && text[at + 1] === '>') found = at;
  }
  return found;
}

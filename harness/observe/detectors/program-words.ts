import type { ExecResult } from '../../engine/container';
import type { Complaint, Look } from './detector';

/** Words of a program that tell of nothing wrong. */
const HARMLESS = /\b(NOTICE|INFO|DETAIL|HINT|STATEMENT|CONTEXT):/i;

/**
 * What a program complains of: nothing where it ends with 0, else its own lines. One that is indented belongs to the line
 * before it (pg_amcheck names the relation first). Pure.
 * @param only lines that count, where the program says other things too
 */
export function wordsOf({ exitCode, stdout, stderr }: ExecResult, only?: RegExp): Look {
  if (exitCode === 0) return { complaints: [], code: 0 };
  const lines: string[] = [];
  for (const line of `${stdout}\n${stderr}`.split('\n').map((one) => one.trimEnd())) {
    if (line.trim() === '' || HARMLESS.test(line)) continue;
    if (/^\s/.test(line) && lines.length > 0) lines[lines.length - 1] += ` ${line.trim()}`;
    else lines.push(line.trim());
  }
  const telling = only ? lines.filter((line) => only.test(line)) : lines;
  const complaints: Complaint[] = (telling.length > 0 ? telling : lines).map((text) => ({ text }));
  return { complaints: complaints.length > 0 ? complaints : [{ text: `ended with ${exitCode}` }], code: exitCode };
}

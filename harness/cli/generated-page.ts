import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';

/** What stands between the two marks of a kind. */
const block = (kind: string): RegExp => new RegExp(`(<!-- generated: ${kind} -->\\n)([\\s\\S]*?)(\\n<!-- end -->)`);

/** For tests: holds one part of a page to the code; `npm run generate` writes it anew. */
export function generated(page: string, kind: string, text: string): void {
  const file = path.join(packageRoot(), page);
  if (process.env.WRITE_GENERATED) {
    const old = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      old.replace(block(kind), (_all, before, _old, after) => `${before}${text}${after}`),
    );
  }
  expect(block(kind).exec(readFileSync(file, 'utf8'))?.[2]).toBe(text);
}

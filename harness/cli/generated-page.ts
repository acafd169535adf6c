import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';

/** What stands between the two marks of a kind. */
const block = (kind: string): RegExp => new RegExp(`(<!-- generated: ${kind} -->\\n)([\\s\\S]*?)(\\n<!-- end -->)`);

/**
 * What a page has between the marks of a kind; `npm run generate` writes it anew first.
 * @param text what it is to have
 */
export function generated(page: string, kind: string, text: string): string | undefined {
  const file = path.join(packageRoot(), page);
  if (process.env.WRITE_GENERATED) {
    const old = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      old.replace(block(kind), (_all, before, _old, after) => `${before}${text}${after}`),
    );
  }
  return block(kind).exec(readFileSync(file, 'utf8'))?.[2];
}

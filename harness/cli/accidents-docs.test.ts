import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';
import { accidentKinds } from '../accidents/catalogue';
import { accidentFamilies } from '../accidents/kind';
import { accidentsPage, whomPage } from '../accidents/page';
import { generated } from './generated-page';

describe('docs/accidents.md', () => {
  test('is what the accidents say of themselves; `npm run generate` writes it anew', () => {
    const accidents = accidentsPage(accidentKinds);
    expect(generated('docs/accidents.md', 'accidents', accidents)).toBe(accidents);
    const whom = whomPage();
    expect(generated('docs/accidents.md', 'whom', whom)).toBe(whom);
  });
});

describe('the catalogue', () => {
  const files = accidentFamilies.flatMap((family) => {
    const folder = path.join(packageRoot(), 'harness/accidents', family);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .filter((name) => readFileSync(path.join(folder, name), 'utf8').search(/= (defineAccident|logicalKind)\(/) >= 0)
      .map((name) => `${family}/${name.slice(0, -3)}`);
  });

  test('every file of an accident is in it, under its own name and family', () => {
    expect(accidentKinds.map(({ family, name }) => `${family}/${name}`).sort()).toEqual(files.sort());
  });

  test.each(accidentKinds.map((kind) => [kind.name, kind] as const))(
    '%s › says what it does, its proof, its undo and what it spares; each option is described',
    (_name, kind) => {
      for (const text of [kind.title, kind.does, kind.proof, kind.undone, kind.neverTouches])
        expect(text).toMatch(/\S/);
      for (const field of Object.values(kind.options.shape)) {
        expect((field as { description?: string }).description).toMatch(/\S/);
      }
    },
  );
});

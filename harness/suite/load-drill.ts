import { createRequire } from 'node:module';
import path from 'node:path';
import type { Drill } from '../drill/spec';
import { messageOf, PgdrillError } from '../record/errors';

/** How a drill's file is named; `.js` in an installed package, where drills are built. */
export const drillFile = /\.drill\.[cm]?[jt]s$/;

/**
 * Loads one drill from its file, in this process: its top level is run. Needs bin/machine/register.cjs loaded first
 * (TypeScript, and what `import … from 'pgdrill'` means).
 * @param file absolute path
 * @throws PGDRILL_DRILL_UNLOADABLE when the file cannot be read or throws, PGDRILL_DRILL_INVALID when it exports no drill
 */
export function loadDrill(file: string): Drill {
  let loaded: unknown;
  try {
    loaded = createRequire(__filename)(file);
  } catch (error) {
    // defineDrill says best what is wrong with a description; only the file's name is missing from it.
    if (isPgdrillError(error, 'PGDRILL_DRILL_INVALID')) {
      throw new PgdrillError('PGDRILL_DRILL_INVALID', `${shown(file)}: ${error.what}`, error.cure, { cause: error });
    }
    throw new PgdrillError(
      'PGDRILL_DRILL_UNLOADABLE',
      `${shown(file)} cannot be loaded: ${firstLines(error)}`,
      'mend the file; it is run when it is loaded',
      {
        cause: error,
      },
    );
  }
  const drill = (loaded as { default?: unknown } | undefined)?.default ?? loaded;
  if (!isDrill(drill)) {
    throw new PgdrillError(
      'PGDRILL_DRILL_INVALID',
      `${shown(file)} does not export a drill`,
      "end it with `export default defineDrill({ … })` of 'pgdrill'; docs/writing-a-drill.md has the form",
    );
  }
  return drill;
}

function isDrill(value: unknown): value is Drill {
  if (typeof value !== 'object' || value === null) return false;
  const drill = value as Partial<Drill>;
  return drill.format === 1 && typeof drill.id === 'string' && Array.isArray(drill.episodes);
}

/** By shape, for the file may have its own copy of the class (a built pgdrill beside a source one). */
function isPgdrillError(error: unknown, code: string): error is PgdrillError {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === code && 'what' in error;
}

/** Node adds the stack of requires to "Cannot find module": five lines say enough. */
function firstLines(error: unknown): string {
  return messageOf(error).split('\n').slice(0, 5).join('\n');
}

/** A path as a person typed or would type it: relative when that is shorter. */
export function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative !== '' && relative.length < file.length ? relative : file;
}

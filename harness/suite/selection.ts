import { existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { PgdrillError } from '../record/errors';
import { drillFilesIn, foundDrill, listDrills, refuseDuplicates, type FoundDrill } from './discovery';
import { drillFile } from './load-drill';
import { nearest } from './nearest';

/** The drill that is run when none is named. */
export const defaultDrill = 'delete-without-where';

export interface SelectOptions {
  /** All of pgdrill's own drills. */
  all?: boolean;
  /** Only drills with one of these labels; without a pattern: of all drills. */
  labels?: readonly string[];
  /** Folder that relative paths start from. Default: the working directory. */
  cwd?: string;
}

/**
 * The drills that the words of a command line mean, in that order, each once. A word is the path of a `*.drill.ts` or of
 * a folder of them, an id, a family, a label, or a glob over ids or `family/id`; the first kind that fits counts.
 * @throws PGDRILL_UNKNOWN_DRILL with the nearest name, PGDRILL_DRILL_* when a file is broken
 */
export async function selectDrills(patterns: readonly string[], options: SelectOptions = {}): Promise<FoundDrill[]> {
  const cwd = options.cwd ?? process.cwd();
  const paths = new Map(patterns.map((pattern) => [pattern, filesOf(pattern, cwd)]));
  // pgdrill's own drills are loaded only when a word needs them: a path works beside a broken one.
  const own = patterns.length === 0 || [...paths.values()].includes(undefined) ? await listDrills() : [];
  const words = patterns.length > 0 || options.all || options.labels?.length ? patterns : [defaultDrill];
  const named = words.flatMap((word) => paths.get(word)?.map(foundDrill) ?? matchDrills(word, own));
  const chosen = words.length === 0 || options.all ? [...own, ...named] : named;
  const byFile = [...new Map(chosen.map((drill) => [drill.file, drill])).values()];
  return refuseDuplicates(withLabels(byFile, options.labels ?? []));
}

/**
 * What one word means among known drills: an id, else a family, else a label, else a glob. Pure.
 * @throws PGDRILL_UNKNOWN_DRILL
 */
export function matchDrills(word: string, drills: readonly FoundDrill[]): FoundDrill[] {
  const glob = /[*?]/.test(word) ? globToRegExp(word) : undefined;
  const ways: ((drill: FoundDrill) => boolean)[] = glob
    ? [(drill) => glob.test(drill.id) || glob.test(`${drill.family}/${drill.id}`)]
    : [(drill) => drill.id === word, (drill) => drill.family === word, (drill) => drill.labels.includes(word)];
  for (const way of ways) {
    const found = drills.filter(way);
    if (found.length > 0) return found;
  }
  throw unknownDrill(word, drills);
}

/** `*` stands for any letters but a slash, `?` for one. */
function globToRegExp(glob: string): RegExp {
  const source = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${source}$`);
}

function withLabels(drills: FoundDrill[], labels: readonly string[]): FoundDrill[] {
  if (labels.length === 0) return drills;
  const found = drills.filter((drill) => drill.labels.some((label) => labels.includes(label)));
  if (found.length > 0) return found;
  throw unknownDrill(labels.join(', '), drills);
}

/** The files of a word that is a path, or undefined when it is none. */
function filesOf(word: string, cwd: string): string[] | undefined {
  const full = path.resolve(cwd, word);
  const looksLikePath = drillFile.test(word) || path.isAbsolute(word) || /^\.{1,2}(\/|$)/.test(word);
  if (!existsSync(full)) {
    if (!looksLikePath) return undefined;
    throw new PgdrillError(
      'PGDRILL_UNKNOWN_DRILL',
      `there is no file ${full}`,
      'give the path of a *.drill.ts, or a name that `pgdrill list` shows',
    );
  }
  // A family stays a family where a file or folder of that name happens to lie.
  if (!looksLikePath && !word.includes('/')) return undefined;
  const real = realpathSync(full);
  if (statSync(real).isDirectory()) return filesInFolder(word, real);
  if (drillFile.test(real)) return [real];
  throw new PgdrillError('PGDRILL_UNKNOWN_DRILL', `${word} is not named like a drill`, 'name the file <id>.drill.ts');
}

function filesInFolder(word: string, folder: string): string[] {
  const files = drillFilesIn(folder);
  if (files.length > 0) return files;
  throw new PgdrillError(
    'PGDRILL_UNKNOWN_DRILL',
    `no *.drill.ts lies in ${word}`,
    'give a folder with drills, or a name that `pgdrill list` shows',
  );
}

function unknownDrill(word: string, drills: readonly FoundDrill[]): PgdrillError {
  const names = [...new Set(drills.flatMap((drill) => [drill.id, drill.family, ...drill.labels]))];
  const near = nearest(word, names);
  return new PgdrillError(
    'PGDRILL_UNKNOWN_DRILL',
    `no drill, family or label is called "${word}"${near ? `; did you mean "${near}"?` : ''}`,
    'choose one that `pgdrill list` shows, or give the path of a *.drill.ts',
  );
}

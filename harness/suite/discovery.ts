import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { isBuilt, packageRoot } from '../../bin/machine/root.cjs';
import type { Drill } from '../drill/spec';
import { PgdrillError } from '../record/errors';
import type { Expectation } from '../record/verdict';
import { drillFile, loadDrill, shown } from './load-drill';

/** A drill that can be chosen. */
export interface FoundDrill {
  id: string;
  title: string;
  /** The folder it lies in: under scenarios/, or the user's own. */
  family: string;
  labels: string[];
  /** Absolute path. */
  file: string;
  nodes: number;
  /** Name of the dataset; absent: the default one. */
  dataset?: string;
  /** What its episode expects: `recovered`, `refused PGDRILL_…`, `failed by timeline`. */
  expect: string;
}

/** pgdrill's own drills, sorted by family and id. */
export async function listDrills(): Promise<FoundDrill[]> {
  return refuseDuplicates(drillFilesIn(scenariosDir()).map(foundDrill)).sort(byFamilyAndId);
}

/** Where pgdrill's own drills lie: in the source, or in the build of an installed package. */
export function scenariosDir(): string {
  const root = packageRoot();
  return path.join(root, isBuilt(root) ? 'dist/scenarios' : 'scenarios');
}

/** All drill files in a folder and below it; not those of packages installed there. */
export function drillFilesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : drillFilesIn(full);
      return drillFile.test(entry.name) ? [full] : [];
    })
    .sort();
}

/**
 * Loads one file and says what drill it is.
 * @param file absolute path
 * @throws PGDRILL_DRILL_UNLOADABLE, PGDRILL_DRILL_INVALID
 */
export function foundDrill(file: string): FoundDrill {
  const drill = loadDrill(file);
  return {
    id: drill.id,
    title: drill.title,
    family: path.basename(path.dirname(file)),
    labels: [...drill.labels],
    file,
    nodes: drill.nodes,
    ...(drill.dataset ? { dataset: drill.dataset.name } : {}),
    expect: expectationOf(drill),
  };
}

/**
 * An id names one drill: reports, saved runs and the command line go by it.
 * @throws PGDRILL_DRILL_DUPLICATE naming both files
 */
export function refuseDuplicates(drills: FoundDrill[]): FoundDrill[] {
  const seen = new Map<string, string>();
  for (const { id, file } of drills) {
    const other = seen.get(id);
    if (other !== undefined && other !== file) {
      throw new PgdrillError(
        'PGDRILL_DRILL_DUPLICATE',
        `two drills have the id "${id}": ${shown(other)} and ${shown(file)}`,
        'give one of them another id',
      );
    }
    seen.set(id, file);
  }
  return drills;
}

function expectationOf(drill: Drill): string {
  return [...new Set(drill.episodes.map(({ expect }) => inWords(expect)))].join(', ');
}

function inWords(expect: Expectation): string {
  if (expect.kind === 'recovered') return 'recovered';
  if (expect.kind === 'refused') return `refused ${expect.code}`;
  if (expect.kind === 'red') return 'failed';
  return `${expect.outcome} by ${expect.by.join(', ')}`;
}

function byFamilyAndId(a: FoundDrill, b: FoundDrill): number {
  return a.family.localeCompare(b.family) || a.id.localeCompare(b.id);
}

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson } from '../checks/canonical-json';
import { judge } from '../checks/judge';
import { checksOf } from '../checks/standard';
import { detectVerdict, isDetection } from '../drill/detect/detect-verdict';
import { drillFileOf, packageVersion } from '../run/package';
import { messageOf, PgdrillError } from '../record/errors';
import { foldEvents, parseEvents, type ReadEvents } from '../record/fold';
import { verdictSchema, type Verdict } from '../record/verdict';
import { loadDrill } from '../suite/load-drill';
import { plural } from '../../reports/quantity';
import type { SavedRun } from './saved-runs';
import { verdictDifferences } from './verdict-differences';

/** How the verdict of now stands to the one that was saved at the end of the run. */
export type Comparison = 'same' | 'differs' | 'other-version' | 'none-saved';

/** A saved run judged again. */
export interface JudgedRun {
  saved: SavedRun;
  verdict: Verdict;
  compared: Comparison;
  /** The arguments of the command that made the run. */
  arguments: readonly string[] | undefined;
  /** What people have to be told beside the verdict, one line each. */
  remarks: string[];
}

/**
 * Judges a saved run again, from its events alone; changes nothing. The same version must give the same bytes; another
 * version may judge otherwise, and the remarks say in what, by check and version.
 * @throws PGDRILL_EVIDENCE_UNREADABLE
 */
export function judgeSaved(saved: SavedRun): JudgedRun {
  const remarks: string[] = [];
  const read = readEvents(saved.dir);
  const started = read.events.find((event) => event.kind === 'run-started');
  const verdict = isDetection(read.events) ? detectVerdict(read.events) : judged(read, started?.file, remarks);
  remarks.push(...read.unreadable.map((part) => `not read: ${part}`), ...changedFiles(saved.dir, read));
  const compared = compareWithSaved(saved.dir, verdict, remarks);
  return { saved, verdict, compared, arguments: started?.arguments, remarks };
}

function judged(read: ReadEvents, file: string | undefined, remarks: string[]): Verdict {
  const evidence = foldEvents(read);
  return judge(evidence, {
    pgdrill: packageVersion(),
    checks: [...checksOf(evidence), ...ownChecks(file, remarks)],
  });
}

function readEvents(dir: string): ReadEvents {
  try {
    return parseEvents(readFileSync(path.join(dir, 'events.jsonl'), 'utf8'));
  } catch (cause) {
    throw new PgdrillError(
      'PGDRILL_EVIDENCE_UNREADABLE',
      `the events of ${dir} cannot be read`,
      'give the folder of a run that can be read',
      { cause },
    );
  }
}

/** Checks of the drill's own come from its file, if it can still be loaded. */
function ownChecks(file: string | undefined, remarks: string[]) {
  if (file === undefined) return [];
  try {
    return loadDrill(drillFileOf(file)).checks;
  } catch (error) {
    const why = messageOf(error).split('\n')[0];
    remarks.push(`checks of the drill's own are left out, for its file cannot be loaded: ${why}`);
    return [];
  }
}

/** Bulk beside the events that is not what it was when it was recorded. */
function changedFiles(dir: string, read: ReadEvents): string[] {
  return read.events.flatMap((event) => {
    if (event.kind !== 'file') return [];
    const { file, sha256 } = event.reference;
    const full = path.join(dir, file);
    if (!existsSync(full)) return [`${file} is not there any more`];
    const now = createHash('sha256').update(readFileSync(full)).digest('hex');
    return now === sha256 ? [] : [`${file} was changed since it was recorded`];
  });
}

/** Compares with the verdict saved at the end of the run; verdict.json is never written again. */
function compareWithSaved(dir: string, verdict: Verdict, remarks: string[]): Comparison {
  const file = path.join(dir, 'verdict.json');
  if (!existsSync(file)) {
    remarks.push('the run was ended before it saved a verdict; nothing to compare with');
    return 'none-saved';
  }
  const text = readFileSync(file, 'utf8');
  if (text === canonicalJson(verdict)) {
    remarks.push('the same verdict as saved, to the byte');
    return 'same';
  }
  const before = parsed(text);
  const differences = before
    ? verdictDifferences(before, verdict)
    : ['verdict.json is not a verdict that this version can read'];
  const same = before?.pgdrill === verdict.pgdrill;
  const by = same
    ? `by the same version ${verdict.pgdrill}`
    : `by ${before?.pgdrill ?? 'an unknown version'}, now ${verdict.pgdrill}`;
  remarks.push(
    `${plural(differences.length, 'difference')} from the verdict saved (${by}); verdict.json stays as it is`,
    ...differences.map((difference) => `  ${difference}`),
  );
  return same ? 'differs' : 'other-version';
}

function parsed(text: string): Verdict | undefined {
  try {
    return verdictSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

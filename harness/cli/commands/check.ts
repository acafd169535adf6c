import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson } from '../../checks/canonical-json';
import { judge } from '../../checks/judge';
import { standardChecks } from '../../checks/standard';
import { foldEvents, parseEvents, type ReadEvents } from '../../record/fold';
import { messageOf, PgdrillError } from '../../record/errors';
import { exitCodeOf, exitCodes } from '../../record/outcome';
import { verdictSchema, type Verdict } from '../../record/verdict';
import { loadDrill } from '../../suite/load-drill';
import { againCommand } from '../../../reports/again';
import { plural } from '../../../reports/quantity';
import { renderVerdict } from '../../../reports/verdict-text';
import { examples, type CommandLine, type DefineCommand } from '../command-line';
import { drillFileOf, packageVersion } from '../../drill/package';
import { programName } from '../program-name';
import { nameOf, savedRun, type SavedRun } from '../saved-runs';
import { shown } from '../shown-path';
import { verdictDifferences } from '../verdict-differences';

interface CheckFlags {
  json?: boolean;
  verbose?: boolean;
  reportDir?: string;
}

/** `pgdrill check`: judges a saved run again, from its events alone. */
export const defineCheck: DefineCommand = (program, line) => {
  program
    .command('check')
    .description('judge a saved run again, with no container; changes nothing')
    .argument('[run]', 'folder of a run, its id or the begin of it', 'latest')
    .option('--report-dir <dir>', 'where runs were saved')
    .option('-v, --verbose', 'show every finding, also of checks that are fine')
    .option('--json', 'the verdict as JSON on standard output')
    .addHelpText(
      'after',
      examples([
        ['pgdrill check', 'the last run'],
        ['pgdrill check reports/out/latest/2026…', 'a run by its folder'],
      ]),
    )
    .action((name: string, flags: CheckFlags) => {
      line.work = async () => checkRun(line, savedRun(name, flags.reportDir), flags);
    });
};

function checkRun(line: CommandLine, saved: SavedRun, flags: CheckFlags): number {
  const { screen } = line;
  const read = readEvents(saved.dir);
  const verdict = judgeAgain(read, (text) => screen.complain(text));
  const started = read.events.find((event) => event.kind === 'run-started');
  if (flags.json) {
    screen.data(canonicalJson(verdict));
  } else {
    const again = againCommand(verdict.drill, verdict.seed, started?.arguments, programName());
    const width = screen.width === undefined ? {} : { width: screen.width };
    screen.print(
      renderVerdict(verdict, {
        dir: shown(saved.dir),
        name: nameOf(saved),
        colour: screen.colour,
        program: programName(),
        all: flags.verbose ?? false,
        again,
        ...width,
      }),
    );
  }
  for (const text of [...read.unreadable.map((part) => `not read: ${part}`), ...changedFiles(saved.dir, read)]) {
    screen.complain(`pgdrill: ${text}`);
  }
  const code = exitCodeOf(verdict);
  return sameAsSaved(line, saved, verdict) ? code : code === exitCodes.passed ? exitCodes.failed : code;
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
function judgeAgain(read: ReadEvents, warn: (text: string) => void): Verdict {
  const evidence = foldEvents(read);
  const file = read.events.find((event) => event.kind === 'run-started')?.file;
  return judge(evidence, { pgdrill: packageVersion(), checks: [...standardChecks, ...ownChecks(file, warn)] });
}

function ownChecks(file: string | undefined, warn: (text: string) => void) {
  if (file === undefined) return [];
  try {
    return loadDrill(drillFileOf(file)).checks;
  } catch (error) {
    warn(
      `pgdrill: checks of the drill's own are left out, for its file cannot be loaded: ${messageOf(error).split('\n')[0]}`,
    );
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

/**
 * Compares with the verdict saved at the end of the run. The same version must give the same bytes; another version may
 * judge otherwise, and says in what.
 * @returns false when the same version now gives another verdict
 */
function sameAsSaved(line: CommandLine, saved: SavedRun, verdict: Verdict): boolean {
  const { screen } = line;
  const file = path.join(saved.dir, 'verdict.json');
  if (!existsSync(file)) {
    screen.complain('pgdrill: the run was ended before it saved a verdict; nothing to compare with');
    return true;
  }
  const text = readFileSync(file, 'utf8');
  if (text === canonicalJson(verdict)) {
    screen.complain('pgdrill: the same verdict as saved, to the byte');
    return true;
  }
  const before = parsed(text);
  const differences = before
    ? verdictDifferences(before, verdict)
    : ['verdict.json is not a verdict that this version can read'];
  const same = before?.pgdrill === verdict.pgdrill;
  const by = same
    ? `by the same version ${verdict.pgdrill}`
    : `by ${before?.pgdrill ?? 'an unknown version'}, now ${verdict.pgdrill}`;
  screen.complain(
    `pgdrill: ${plural(differences.length, 'difference')} from the verdict saved (${by}); verdict.json stays as it is`,
  );
  for (const difference of differences) screen.complain(`  ${difference}`);
  return !same;
}

function parsed(text: string): Verdict | undefined {
  try {
    return verdictSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

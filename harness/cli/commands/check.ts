import { canonicalJson } from '../../checks/canonical-json';
import { describeError } from '../../record/errors';
import { exitCodeOf, exitCodeOfAll, exitCodes } from '../../record/outcome';
import { againCommand } from '../../../reports/again';
import { outcomeWord } from '../../../reports/outcome-words';
import { plural } from '../../../reports/quantity';
import { renderVerdict } from '../../../reports/verdict-text';
import { examples, type CommandLine, type DefineCommand } from '../command-line';
import { judgeSaved, type Comparison, type JudgedRun } from '../judge-saved';
import { problemText } from '../problem';
import { programName } from '../program-name';
import { nameOf, savedRuns, type SavedRun, type SavedRuns } from '../saved-runs';
import { shown } from '../shown-path';
import { tableText } from '../table';

interface CheckFlags {
  json?: boolean;
  verbose?: boolean;
  reportDir?: string;
}

/** A run that was looked at; without `judged` it could not be read. */
interface Looked {
  saved: SavedRun;
  judged?: JudgedRun;
  error?: unknown;
}

/** `pgdrill check`: judges saved runs again, from their events alone. */
export const defineCheck: DefineCommand = (program, line) => {
  program
    .command('check')
    .description('judge a saved run, or every run of a session, again, with no container; changes nothing')
    .argument('[run|session]', 'folder of a run or a session, its id or the begin of it', 'latest')
    .option('--report-dir <dir>', 'where runs were saved')
    .option('-v, --verbose', 'show every finding, also of checks that are fine')
    .option('--json', 'the verdict as JSON on standard output; of several runs a list')
    .addHelpText(
      'after',
      examples([
        ['pgdrill check', 'the last run'],
        ['pgdrill check reports/out/latest', 'every run of the last session'],
        ['pgdrill check reports/out/latest/2026…', 'a run by its folder'],
      ]),
    )
    .addHelpText(
      'after',
      `\nThe same version of pgdrill gives the same verdict, to the byte. Another version never overwrites it: it prints in what
the two differ, by check and version. Exit code: the outcome's; at least 1 where the same version now says otherwise; of
several runs the first of 1, 3, 2, 0.`,
    )
    .action((name: string, flags: CheckFlags) => {
      line.work = async () => check(line, savedRuns(name, flags.reportDir), flags);
    });
};

function check(line: CommandLine, { runs, session }: SavedRuns, flags: CheckFlags): number {
  const looked = runs.map(look);
  const [only] = looked;
  if (only && session === undefined) {
    if (flags.json && only.judged) line.screen.data(canonicalJson(only.judged.verdict));
    tell(line, only, flags, false);
    return codeOf(only);
  }
  if (flags.json) line.screen.data(canonicalJson(looked.map(asJson)));
  for (const one of looked) tell(line, one, flags, true);
  if (!flags.json) line.screen.print(summary(looked, line.screen.width));
  return exitCodeOfAll(looked.map(codeOf));
}

/** One that cannot be read must not keep the others of a session from being judged. */
function look(saved: SavedRun): Looked {
  try {
    return { saved, judged: judgeSaved(saved) };
  } catch (error) {
    return { saved, error };
  }
}

/** @param several one of a session: what is said of it bears its name, and one that passed is only a row of the table */
function tell({ screen }: CommandLine, { saved, judged, error }: Looked, flags: CheckFlags, several: boolean): void {
  if (!judged) return screen.complain(problemText(error));
  const all = flags.verbose ?? false;
  const brief = several && !all && judged.verdict.outcome === 'passed';
  if (!flags.json && !brief) screen.print(verdictText(judged, all, screen.colour, screen.width));
  const who = several ? `${saved.run}: ` : '';
  for (const text of judged.remarks) screen.complain(text.startsWith(' ') ? text : `pgdrill: ${who}${text}`);
}

function verdictText({ saved, verdict, arguments: args }: JudgedRun, all: boolean, colour: boolean, width?: number) {
  return renderVerdict(verdict, {
    dir: shown(saved.dir),
    name: nameOf(saved),
    colour,
    program: programName(),
    all,
    again: againCommand(verdict.drill, verdict.seed, args, programName()),
    ...(width === undefined ? {} : { width }),
  });
}

const comparisons: Record<Comparison, string> = {
  same: 'the same, to the byte',
  differs: 'ANOTHER verdict by the same version',
  'other-version': 'another version judged it',
  'none-saved': 'nothing was saved to compare with',
};

function summary(looked: readonly Looked[], width: number | undefined): string {
  const rows = looked.map(({ saved, judged, error }) =>
    judged
      ? [
          outcomeWord(judged.verdict.outcome, judged.verdict.interrupted),
          judged.verdict.drill,
          saved.run,
          comparisons[judged.compared],
        ]
      : ['UNREADABLE', '', saved.run, describeError(error).code],
  );
  const same = looked.filter(({ judged }) => judged?.compared === 'same').length;
  const table = tableText(['outcome', 'drill', 'run', 'compared with the verdict saved'], rows, width);
  return `\n${table}\n\n${plural(looked.length, 'run')} judged again, ${same} to the same bytes`;
}

function asJson({ saved, judged, error }: Looked): object {
  if (!judged) return { run: saved.run, error: describeError(error) };
  return { run: saved.run, compared: judged.compared, verdict: judged.verdict };
}

/** Evidence that cannot be read is unverified, as it would have been in the run itself. */
function codeOf({ judged }: Looked): number {
  if (!judged) return exitCodes.unverified;
  const code = exitCodeOf(judged.verdict);
  return judged.compared === 'differs' && code === exitCodes.passed ? exitCodes.failed : code;
}

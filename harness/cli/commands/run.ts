import type { Command } from 'commander';
import { exitCodes } from '../../record/outcome';
import type { FoundDrill } from '../../suite/discovery';
import { selectDrills } from '../../suite/selection';
import { runSession } from '../../suite/session';
import { examples, type CommandLine, type DefineCommand } from '../command-line';
import { takeInterrupts } from '../interruption';
import { checkRunFlags, type CheckedRunFlags, type RunFlags } from '../run-options';
import { RunResults } from '../run-results';
import { chooseView } from '../views/choose-view';

/** `pgdrill run`: runs drills, shows them, and ends with the verdict of each. */
export const defineRun: DefineCommand = (program, line) => {
  const command = program
    .command('run')
    .description('run drills: the default one, or those named by id, family, label, glob, or path of a *.drill.ts')
    .argument('[drill...]', 'what to run; `pgdrill list` shows the names');
  withOptions(command)
    .addHelpText(
      'after',
      examples([
        ['pgdrill run', 'the default drill'],
        ['pgdrill run pitr --seed 42', 'all drills of a family, with a fixed seed'],
        ["pgdrill run 'delete-*' --dataset thai:small", 'a glob, on more data'],
        ['pgdrill run ./mine.drill.ts --keep', 'a drill of your own; its cluster stays up'],
        ['pgdrill run --all --json > events.jsonl', 'everything, as JSON lines'],
      ]),
    )
    .action(async (patterns: string[], flags: RunFlags) => {
      const checked = await checkRunFlags(flags);
      const selection = { all: flags.all ?? false, ...(flags.label ? { labels: flags.label } : {}) };
      const drills = await selectDrills(patterns, selection);
      line.work = () => runDrills(line, drills, flags, checked);
    });
};

function withOptions(command: Command): Command {
  const collect = (value: string, all: string[] = []) => [...all, value];
  return command
    .option('--all', 'every drill that comes with pgdrill')
    .option('--label <label>', 'only drills with this label; may be given more than once', collect)
    .option('--stack <name>', 'versions under test: bookworm')
    .option('--dataset <name|path>', 'thai:tiny, thai:small, thai:medium, or a dump as pg_dump writes it')
    .option('--nodes <n>', 'Patroni members, 1 to 5')
    .option('--seed <n>', 'number that decides data and jitter, to run the same again')
    .option('--repeat <n>', 'run each drill n times; seeds count up from --seed')
    .option('--jobs <n>', 'drills at once; default one for every four cores')
    .option('--keep', 'leave the cluster up at the end')
    .option('--deadline-scale <factor>', 'multiply every deadline, for slow machines')
    .option('--report-dir <dir>', 'where the report goes; default reports/out')
    .option('--fail-fast', 'start no further drill after one that did not pass')
    .option('--strict', 'a skipped drill counts as not run')
    .option('--json', 'events as JSON lines on standard output, all else on standard error')
    .option('-q, --quiet', 'only the verdicts')
    .option('-v, --verbose', 'show notes and every finding, too');
}

async function runDrills(
  line: CommandLine,
  drills: readonly FoundDrill[],
  flags: RunFlags,
  checked: CheckedRunFlags,
): Promise<number> {
  const { screen, argv } = line;
  const { json = false, quiet = false, verbose = false } = flags;
  const { repeat, overrides, deadlineScale, seed, jobs } = checked;
  const view = chooseView(screen, {
    drills: drills.flatMap(({ id }) => Array<string>(repeat).fill(id)),
    json,
    quiet,
    verbose,
  });
  const interruption = takeInterrupts(screen, (text) => view.print(`pgdrill: ${text}`));
  const results = new RunResults({
    several: drills.length * repeat > 1,
    quiet,
    verbose,
    kept: overrides.keep ?? false,
    colour: screen.colour && !json,
    width: json ? undefined : screen.width,
    argv,
  });
  try {
    const session = await runSession({
      drills,
      arguments: argv,
      deadlineScale,
      repeat,
      overrides,
      ...(seed === undefined ? {} : { seed }),
      ...(jobs === undefined ? {} : { jobs }),
      ...(flags.reportDir === undefined ? {} : { reportDir: flags.reportDir }),
      failFast: flags.failFast ?? false,
      strict: flags.strict ?? false,
      signal: interruption.signal,
      killSignal: interruption.killSignal,
      onRunStarted: (run) => results.started(run),
      onEvent: (run, event) => view.event(run, event),
      onRunEnded: (run) => view.print(results.ended(run)),
    });
    view.close();
    const summary = results.summary(session);
    if (summary) view.print(summary);
    return interruption.signal.aborted ? exitCodes.interrupted : session.exitCode;
  } finally {
    view.close();
    interruption.stop();
  }
}

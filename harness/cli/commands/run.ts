import type { Command } from 'commander';
import { leavingOut } from '../../drill/leave-out';
import { loadDrill } from '../../suite/load-drill';
import { selectDrills } from '../../suite/selection';
import { examples, type DefineCommand } from '../command-line';
import { checkRunFlags, type RunFlags } from '../run-options';
import { watchSession } from '../watched-session';

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
        ['pgdrill run --deep', 'also whether it can be lost again: the fresh backup is restored aside'],
        ["pgdrill run 'delete-*' --dataset thai:small", 'a glob, on more data'],
        ['pgdrill run ./mine.drill.ts --keep', 'a drill of your own; its cluster stays up'],
        ['pgdrill run kill-leader --without mend', 'without one step of its recovery: the verdict has to be red'],
        ['pgdrill run --all --json > events.jsonl', 'everything, as JSON lines'],
      ]),
    )
    .action(async (patterns: string[], flags: RunFlags) => {
      const checked = await checkRunFlags(flags);
      const selection = { all: flags.all ?? false, ...(flags.label ? { labels: flags.label } : {}) };
      const drills = await selectDrills(patterns, selection);
      // What it refuses is wrong usage, and costs no container.
      for (const { file } of drills) leavingOut(loadDrill(file), flags.without ?? []);
      line.work = async () => (await watchSession(line.screen, line.argv, drills, flags, checked)).exitCode;
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
    .option('--deep', 'restore the fresh backup aside after the recovery, and judge that too')
    .option('--without <cure>', 'leave this cure out, by its id: what comes of a step that is forgotten', collect)
    .option('--sample-above <rows>', 'count larger tables in full, compare them by a sample; the verdict names them')
    .option('--sample-one-in <n>', 'of a sampled table, compare one key in n; default 16')
    .option('--deadline-scale <factor>', 'multiply every deadline, for slow machines')
    .option('--report-dir <dir>', 'where the report goes; default reports/out')
    .option('--fail-fast', 'start no further drill after one that did not pass')
    .option('--strict', 'a skipped drill counts as not run')
    .option('--json', 'events as JSON lines on standard output, all else on standard error')
    .option('-q, --quiet', 'only the verdicts')
    .option('-v, --verbose', 'show notes and every finding, too');
}

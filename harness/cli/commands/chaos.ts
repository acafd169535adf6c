import { msOf } from '../../accidents/compose';
import { selectDrills } from '../../suite/selection';
import { examples, type DefineCommand } from '../command-line';
import { checkRunFlags, type RunFlags } from '../run-options';
import { usageError } from '../usage';
import { watchSession } from '../watched-session';

/** `pgdrill chaos`: the drill `random-walk`, for as long as one likes. */
export const defineChaos: DefineCommand = (program, line) => {
  program
    .command('chaos')
    .description('let accidents happen at random, in an order that the seed decides, and prove that nothing is lost')
    .option('--for <time>', 'how long steps are begun: 90s, 10m', '10m')
    .option('--seed <n>', 'number that decides the steps, to have the same again')
    .option('--keep', 'leave the cluster up at the end')
    .option('--deadline-scale <factor>', 'multiply every deadline, for slow machines')
    .option('--report-dir <dir>', 'where the report goes; default reports/out')
    .option('--json', 'events as JSON lines on standard output, all else on standard error')
    .option('-v, --verbose', 'show notes and every finding, too')
    .addHelpText(
      'after',
      examples([
        ['pgdrill chaos --for 2m', 'a short walk, its seed is printed'],
        ['pgdrill chaos --for 10m --seed 42', 'the same steps in the same order again'],
      ]),
    )
    .action(async (flags: RunFlags & { for: string }) => {
      const lasting = checkedTime(flags.for);
      const checked = await checkRunFlags(flags);
      line.work = async () => {
        // The drill is run by a process of its own, which has the environment of this one.
        process.env.PGDRILL_CHAOS_FOR = lasting;
        return (await watchSession(line.screen, line.argv, await selectDrills(['random-walk']), flags, checked))
          .exitCode;
      };
    });
};

function checkedTime(text: string): string {
  try {
    msOf(text);
    return text;
  } catch {
    throw usageError(`--for "${text}" is no time`, 'write it like 90s or 10m');
  }
}

import { testLevels, type TestLevel } from '../../suite/tally';
import { runTests } from '../../suite/test-levels';
import { examples, type DefineCommand } from '../command-line';
import { takeInterrupts } from '../interruption';
import { usageError } from '../usage';

/** `pgdrill test`: the tests of pgdrill itself, for those who work on it. */
export const defineTest: DefineCommand = (program, line) => {
  program
    .command('test')
    .description("run pgdrill's own tests (in a checkout)")
    .argument('[level...]', `${testLevels.join(', ')}; default all`)
    .addHelpText(
      'after',
      examples([
        ['pgdrill test unit', 'in seconds, with no container'],
        ['pgdrill test', 'everything, drills with the label smoke included'],
      ]),
    )
    .action((names: string[]) => {
      const levels = names.length > 0 ? names.map(levelNamed) : testLevels;
      line.work = async () => {
        const { screen, argv } = line;
        const interruption = takeInterrupts(screen, (text) => screen.complain(`pgdrill: ${text}`));
        const { signal, killSignal } = interruption;
        const code = await runTests(levels, { arguments: argv, signal, killSignal });
        interruption.stop();
        // A level that was broken off may still hold workers of Jest.
        if (signal.aborted) process.exit(code);
        return code;
      };
    });
};

function levelNamed(name: string): TestLevel {
  const level = testLevels.find((one) => one === name);
  if (level) return level;
  throw usageError(`there is no level of tests called "${name}"`, `choose from ${testLevels.join(', ')}`);
}

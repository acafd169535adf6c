import { Command, CommanderError } from 'commander';
import type { Machine } from '../../bin/machine/ready.cjs';
import { exitCodes } from '../record/outcome';
import type { CommandLine, DefineCommand } from './command-line';
import { packageVersion } from '../run/package';
import { tellProblem } from './problem';
import { openScreen, type Screen } from './screen';

/* eslint-disable @typescript-eslint/no-require-imports -- a command loads what it needs, and the others nothing: half a
   second of every start is at stake. import() would want file extensions that differ between source and build. */
const commands: Record<string, () => DefineCommand> = {
  run: () => (require('./commands/run') as typeof import('./commands/run')).defineRun,
  list: () => (require('./commands/list') as typeof import('./commands/list')).defineList,
  rescue: () => (require('./commands/rescue') as typeof import('./commands/rescue')).defineRescue,
  up: () => (require('./commands/up') as typeof import('./commands/up')).defineUp,
  pitr: () => (require('./commands/pitr') as typeof import('./commands/pitr')).definePitr,
  break: () => (require('./commands/break') as typeof import('./commands/break')).defineBreak,
  chaos: () => (require('./commands/chaos') as typeof import('./commands/chaos')).defineChaos,
  mend: () => (require('./commands/mend') as typeof import('./commands/mend')).defineMend,
  enter: () => (require('./commands/enter') as typeof import('./commands/enter')).defineEnter,
  logs: () => (require('./commands/logs') as typeof import('./commands/logs')).defineLogs,
  down: () => (require('./commands/down') as typeof import('./commands/down')).defineDown,
  baseline: () => (require('./commands/baseline') as typeof import('./commands/baseline')).defineBaseline,
  check: () => (require('./commands/check') as typeof import('./commands/check')).defineCheck,
  report: () => (require('./commands/report') as typeof import('./commands/report')).defineReport,
  sabotage: () => (require('./commands/sabotage') as typeof import('./commands/sabotage')).defineSabotage,
  detect: () => (require('./commands/detect') as typeof import('./commands/detect')).defineDetect,
  doctor: () => (require('./commands/doctor') as typeof import('./commands/doctor')).defineDoctor,
  images: () => (require('./commands/images') as typeof import('./commands/images')).defineImages,
  test: () => (require('./commands/test') as typeof import('./commands/test')).defineTest,
};
/* eslint-enable @typescript-eslint/no-require-imports */

const about = `Disaster-recovery drills for PostgreSQL run by Patroni and etcd and backed up by Barman:
break a real cluster, recover it, prove what came back.`;

const closing = `
Exit codes: 0 passed, 1 failed, 2 not run, 3 unverified, 64 wrong usage, 130 interrupted.
Runs are named by their id, the begin of it, or \`latest\`.`;

/**
 * The command line of pgdrill.
 * @param argv without node and script
 * @param machine what the launcher has made ready
 * @returns the exit code of architecture.md's table of outcomes
 */
export async function main(argv: string[], machine: Machine): Promise<number> {
  const screen = openScreen();
  const read = await readCommandLine(argv, screen);
  if (typeof read === 'number') return read;
  try {
    return await read.work(machine);
  } catch (error) {
    return tellProblem(screen, error);
  }
}

/**
 * Checks a command line before the machine is made ready: wrong usage installs nothing.
 * @returns the exit code when there is nothing to do but that, else null
 */
export async function precheck(argv: string[]): Promise<number | null> {
  const read = await readCommandLine(argv, openScreen());
  return typeof read === 'number' ? read : null;
}

async function readCommandLine(argv: string[], screen: Screen): Promise<number | Required<CommandLine>> {
  const cut = argv.indexOf('--');
  const own = cut < 0 ? argv : argv.slice(0, cut);
  const line: CommandLine = { screen, argv, rest: cut < 0 ? [] : argv.slice(cut + 1) };
  try {
    await programFor(line, own).parseAsync(own, { from: 'user' });
    return line.work ? { ...line, work: line.work } : exitCodes.passed;
  } catch (error) {
    if (!(error instanceof CommanderError)) return tellProblem(screen, error);
    return error.exitCode === 0 ? exitCodes.passed : exitCodes.usage;
  }
}

/** The program with the command that is named, or with all of them where one looks at them. */
function programFor(line: CommandLine, argv: readonly string[]): Command {
  const { screen } = line;
  const program = new Command('pgdrill')
    .description(about)
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .addHelpText('after', closing)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => screen.print(text),
      writeErr: (text) => screen.complain(text),
      getOutHelpWidth: () => Math.min(screen.width ?? 100, 100),
      outputError: (text) => screen.complain(usageText(text)),
    });
  // Sub-commands take these settings over when they are made.
  const named = Object.hasOwn(commands, argv[0] ?? '') ? commands[argv[0] ?? ''] : undefined;
  const versionOnly = ['--version', '-V'].includes(argv[0] ?? '');
  for (const load of named ? [named] : versionOnly ? [] : Object.values(commands)) load()(program, line);
  return program;
}

/** commander's sentence in the form of all errors: `error: unknown option '--sed'\n(Did you mean --seed?)`. */
function usageText(text: string): string {
  const what = text
    .replace(/^error: /, '')
    .trim()
    .replace(/\n\(Did you mean (.*)\?\)$/s, '; did you mean $1?');
  return `pgdrill: PGDRILL_USAGE: ${what}\n  what to do: \`pgdrill help\` lists the commands, \`pgdrill help <command>\` its options`;
}

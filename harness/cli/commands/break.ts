import { Option, type Command } from 'commander';
import { accidentKinds } from '../../accidents/catalogue';
import { checkedOptions, strikeKind } from '../../accidents/define-accident';
import type { AccidentKind } from '../../accidents/kind';
import { optionFields, type OptionField } from '../../accidents/option-values';
import { whomOf } from '../../accidents/victims';
import { exitCodes } from '../../record/outcome';
import { newSeed } from '../../run/random';
import { examples, type CommandLine, type DefineCommand } from '../command-line';
import { onCluster, type OnClusterFlags } from '../on-cluster';
import { programName } from '../program-name';
import { scaleOf, seedRange } from '../run-options';
import { numberOf } from '../usage';

interface BreakFlags extends OnClusterFlags {
  on?: string;
  database: string;
  seed?: string;
  deadlineScale?: string;
}

/** `pgdrill break <accident>`: strikes a cluster that `pgdrill up` left running, and prints the proof. */
export const defineBreak: DefineCommand = (program, line) => {
  const parent = program
    .command('break')
    .description('let one accident happen to a cluster that is up, and prove that it did')
    .usage('<accident> [options]')
    .addHelpText(
      'after',
      examples([
        ['pgdrill break kill-postmaster', 'the one cluster that is up, its leader'],
        ['pgdrill break kill-postmaster --on db2', 'this member'],
        ['pgdrill list --accidents', 'all of them, with what each does'],
        ['pgdrill mend', 'undoes what can be undone'],
      ]),
    );
  for (const kind of accidentKinds) defineKind(parent, line, kind);
};

function defineKind(parent: Command, line: CommandLine, kind: AccidentKind): void {
  const fields = optionFields(kind.options);
  const command = parent
    .command(kind.name)
    .description(kind.title)
    .option('--on <role|name>', `whom: ${kind.strikes.join(', ')}, or a member by its name`, kind.strikes[0])
    .option('--cluster <run>', 'cluster of that run: its id, the begin of it, or latest')
    .option('--database <name>', "the dataset's database", 'thai')
    .option('--seed <n>', 'number that decides what is left to chance')
    .option('--deadline-scale <factor>', 'multiply every deadline, for slow machines')
    .option('--json', 'the proof as JSON on standard output');
  for (const field of fields) command.addOption(optionOf(field));
  command
    .addHelpText('after', `\n${kind.does}\n\nProof:          ${kind.proof}\nUndone:         ${kind.undone}`)
    .addHelpText(
      'after',
      `Never touches:  ${kind.neverTouches}\nStrikes:        ${kind.strikes.map((who) => `${who} (${whomOf[who]})`).join('; ')}`,
    )
    .action((flags: BreakFlags & Record<string, unknown>) => {
      const given = Object.fromEntries(
        fields.flatMap(({ name, kind: type }) => {
          const value = flags[name];
          return value === undefined ? [] : [[name, type === 'number' ? Number(value) : value]];
        }),
      );
      const options = checkedOptions(kind, given);
      const seed = flags.seed === undefined ? newSeed() : numberOf('--seed', flags.seed, seedRange);
      const deadlineScale = scaleOf(flags.deadlineScale, process.env);
      line.work = () => breakIt(line, kind, flags, options, { seed, deadlineScale });
    });
}

function optionOf({ flag, kind, choices, required, default: value, description }: OptionField): Option {
  const option = new Option(kind === 'switch' ? flag : `${flag} <${kind === 'number' ? 'n' : 'text'}>`, description);
  if (choices) option.choices(choices);
  if (value !== undefined) option.default(undefined, String(value));
  return required ? option.makeOptionMandatory() : option;
}

async function breakIt(
  { screen }: CommandLine,
  kind: AccidentKind,
  flags: BreakFlags,
  options: Record<string, unknown>,
  chance: { seed: number; deadlineScale: number },
): Promise<number> {
  return onCluster(screen, flags, chance, async ({ run, cluster, people }) => {
    const context = { run, cluster, episode: 0, database: flags.database };
    const { victims, blow } = await strikeKind(kind, context, options, flags.on, { undoneAtEnd: false });
    const { took, expected, found } = blow.proof;
    if (flags.json) {
      screen.data(
        `${JSON.stringify({ accident: kind.name, struck: victims.names, seed: chance.seed, ...blow }, null, 2)}\n`,
      );
    }
    people.print(
      [
        `${kind.title} on ${victims.names.join(', ')}: ${took ? 'it took effect' : 'it did NOT take effect'}`,
        `  expected  ${expected}`,
        `  found     ${found}`,
        `  seed      ${chance.seed}`,
        kind.undo ? `  undo      ${programName()} mend ${kind.name}` : `  undone    ${kind.undone}`,
      ].join('\n'),
    );
    return took ? exitCodes.passed : exitCodes.unverified;
  });
}

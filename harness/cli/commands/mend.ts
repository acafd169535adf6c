import { mend, type Mended } from '../../accidents/mend';
import { readStruck, type Struck } from '../../accidents/struck';
import { exitCodes } from '../../record/outcome';
import { examples, type CommandLine, type DefineCommand } from '../command-line';
import { onCluster, type OnClusterFlags } from '../on-cluster';
import { scaleOf } from '../run-options';
import { tableText } from '../table';

interface MendFlags extends OnClusterFlags {
  list?: boolean;
  deadlineScale?: string;
}

/** `pgdrill mend`: undoes what has struck a cluster, from any later process. */
export const defineMend: DefineCommand = (program, line) => {
  program
    .command('mend')
    .description('undo what `pgdrill break` did to a cluster, as far as it can be undone')
    .argument('[accident]', 'its name, or its number in --list; default all, the last first')
    .option('--list', 'only show what has struck')
    .option('--cluster <run>', 'cluster of that run: its id, the begin of it, or latest')
    .option('--deadline-scale <factor>', 'multiply every deadline, for slow machines')
    .option('--json', 'as JSON on standard output')
    .addHelpText(
      'after',
      examples([
        ['pgdrill mend', 'everything that can be undone'],
        ['pgdrill mend --list', 'what has struck, and what became of it'],
        ['pgdrill mend 2', 'the second accident only'],
      ]),
    )
    .action((which: string | undefined, flags: MendFlags) => {
      const deadlineScale = scaleOf(flags.deadlineScale, process.env);
      line.work = () => mendIt(line, which, flags, deadlineScale);
    });
};

async function mendIt(
  { screen }: CommandLine,
  which: string | undefined,
  flags: MendFlags,
  deadlineScale: number,
): Promise<number> {
  return onCluster(screen, flags, { deadlineScale }, async ({ run, cluster, people }) => {
    if (flags.list) {
      const all = await readStruck(cluster);
      if (flags.json) screen.data(`${JSON.stringify(all, null, 2)}\n`);
      else people.print(all.length === 0 ? 'nothing has struck' : listed(all));
      return exitCodes.passed;
    }
    const done = await mend(run, cluster, which);
    if (flags.json) screen.data(`${JSON.stringify(done, null, 2)}\n`);
    else people.print(done.length === 0 ? `nothing to undo${which === undefined ? '' : ` by "${which}"`}` : told(done));
    return done.some(({ outcome }) => outcome === 'failed') ? exitCodes.failed : exitCodes.passed;
  });
}

const stateWords = {
  striking: 'cut off, perhaps half done',
  struck: 'struck',
  mended: 'mended',
  left: 'not to be undone',
};

function listed(all: readonly Struck[]): string {
  const rows = all.map(({ id, accident, struck, begunAt, state, mended, proof }) => [
    String(id),
    accident,
    struck.join(', '),
    begunAt,
    stateWords[state],
    mended ?? proof?.found ?? '',
  ]);
  return tableText(['', 'accident', 'on', 'at', 'state', 'found'], rows);
}

function told(done: readonly Mended[]): string {
  const words = { mended: '', cannot: 'not undone: ', failed: 'FAILED: ' };
  return done
    .map(({ struck, outcome, found }) => `${struck.accident} on ${struck.struck.join(', ')}: ${words[outcome]}${found}`)
    .join('\n');
}

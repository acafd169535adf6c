import path from 'node:path';
import { datasetOf } from '../../../fixtures';
import { plural } from '../../../reports/quantity';
import { PhaseFailed } from '../../drill/phase';
import { leastWalBytes, type MemberDisks } from '../../cluster/description';
import { bringUp } from '../../drill/up';
import { findStack } from '../../engine/stacks';
import { exitCodes } from '../../record/outcome';
import { newId } from '../../run/ids';
import { newSeed } from '../../run/random';
import { Run } from '../../run/run';
import { defaultReportDir } from '../../suite/report-dir';
import { examples, type CommandLine, type DefineCommand } from '../command-line';
import { takeInterrupts } from '../interruption';
import { programName } from '../program-name';
import { checkDataset, nodesRange, seedRange } from '../run-options';
import { shown } from '../shown-path';
import { defaultStack, numberOf, scaleRange, usageError } from '../usage';
import { chooseView } from '../views/choose-view';

interface UpFlags {
  stack: string;
  dataset: string;
  nodes: string;
  seed?: string;
  namePrefix?: string;
  walMb?: string;
  ownFileSystems?: boolean;
  deadlineScale: string;
  verbose?: boolean;
}

interface UpChoice {
  stack: string;
  dataset: string;
  nodes: number;
  seed: number;
  namePrefix?: string;
  disks?: MemberDisks;
  deadlineScale: number;
}

/** `pgdrill up`: a cluster, loaded and backed up, that stays until `pgdrill down`. */
export const defineUp: DefineCommand = (program, line) => {
  program
    .command('up')
    .description('boot a cluster, load it, back it up, and leave it running')
    .option('--nodes <n>', 'Patroni members, 1 to 5', '3')
    .option('--dataset <name|path>', 'thai:tiny, thai:small, thai:medium, or a dump as pg_dump writes it', 'thai:tiny')
    .option('--stack <name>', 'versions under test', defaultStack)
    .option('--seed <n>', 'number that decides the data')
    .option('--name-prefix <text>', "what the containers' names begin with; '' for db1, etcd1, barman")
    .option('--wal-mb <n>', 'pg_wal of each member on a file system of so many MB: for `break disk-full`')
    .option('--own-file-systems', 'each member on an ext4 of its own, on a loop device: for `break power-loss`')
    .option('--deadline-scale <factor>', 'multiply every deadline, for slow machines', '1')
    .option('-v, --verbose', 'show notes, too')
    .addHelpText(
      'after',
      examples([
        ['pgdrill up', 'three members with a small dataset'],
        ["pgdrill up --name-prefix ''", 'docker exec db1 …, docker exec barman …'],
        ['pgdrill up --wal-mb 512', 'then: pgdrill break disk-full --on leader'],
        ['pgdrill up --nodes 1 --dataset ./thai.sql', 'one member with a dump of your own'],
      ]),
    )
    .action(async (flags: UpFlags) => {
      const choice: UpChoice = {
        stack: findStack(flags.stack).name,
        dataset: await checkDataset(flags.dataset),
        nodes: numberOf('--nodes', flags.nodes, nodesRange),
        seed: flags.seed === undefined ? newSeed() : numberOf('--seed', flags.seed, seedRange),
        deadlineScale: numberOf('--deadline-scale', flags.deadlineScale, scaleRange),
        ...(flags.namePrefix === undefined ? {} : { namePrefix: checkNamePrefix(flags.namePrefix) }),
        ...disksOf(flags),
      };
      line.work = () => up(line, choice, flags.verbose ?? false);
    });
};

async function up({ screen }: CommandLine, choice: UpChoice, verbose: boolean): Promise<number> {
  const { seed, deadlineScale, stack, nodes, namePrefix, disks } = choice;
  const id = newId();
  const run = new Run({ id, sessionDir: path.join(defaultReportDir(), id), seed, deadlineScale });
  const view = chooseView(screen, { drills: [id], verbose });
  const interruption = takeInterrupts(screen, (text) => view.print(`pgdrill: ${text}`));
  interruption.signal.addEventListener('abort', () => run.interrupt('asked to stop'), { once: true });
  // The run's watchdog deletes what is left.
  interruption.killSignal.addEventListener('abort', () => process.exit(exitCodes.interrupted), { once: true });
  let leader: string;
  try {
    leader = await bringUp(run, {
      stack,
      nodes,
      dataset: datasetOf(choice.dataset),
      ...(namePrefix === undefined ? {} : { namePrefix }),
      ...(disks ? { disks } : {}),
      onEvent: (event) => view.event(id, event),
    });
  } catch (error) {
    // What failed was an event, and is on the screen already.
    if (!(error instanceof PhaseFailed)) throw error;
    return interruption.signal.aborted ? exitCodes.interrupted : exitCodes['not-run'];
  } finally {
    view.close();
    interruption.stop();
  }
  screen.print(howTo(id, choice, leader, run.dir));
  return 0;
}

/** @throws PGDRILL_USAGE */
function disksOf({ walMb, ownFileSystems }: UpFlags): { disks?: MemberDisks } {
  if (walMb !== undefined && ownFileSystems) {
    throw usageError(
      '--wal-mb and --own-file-systems exclude each other: the first has pg_wal in memory, which is gone with the power',
      'give one of them',
    );
  }
  if (ownFileSystems) return { disks: { ownFileSystem: true } };
  if (walMb === undefined) return {};
  const mebibyte = 1024 ** 2;
  const walRange = { least: leastWalBytes / mebibyte, most: 65_536, whole: true };
  return { disks: { walBytes: numberOf('--wal-mb', walMb, walRange) * mebibyte } };
}

/** A prefix with which `db1` makes a name that the engine takes. @throws PGDRILL_USAGE */
function checkNamePrefix(text: string): string {
  if (/^([A-Za-z0-9][\w.-]*)?$/.test(text)) return text;
  throw usageError(
    `--name-prefix "${text}": a container's name has letters, digits, "_", "." and "-", and begins with a letter or digit`,
    "give another one, or '' for none",
  );
}

function howTo(id: string, { nodes, seed, namePrefix }: UpChoice, leader: string, dir: string): string {
  const commands = [
    ['enter', 'a shell on db1'],
    ['enter --psql', 'psql on the leader'],
    ['enter barman', 'a shell on the Barman server'],
    ['logs --follow', 'what they say'],
    [`down ${id}`, 'ends it'],
  ].map(([command = '', what = '']) => `  ${programName()} ${command.padEnd(id.length + 6)} ${what}`);
  const named =
    namePrefix === undefined ? [] : [`containers: ${namePrefix}db1 …, ${namePrefix}etcd1 …, ${namePrefix}barman`];
  const facts = `${plural(nodes, 'member')} up, ${leader} leads; loaded and backed up, seed ${seed}.`;
  return ['', facts, ...named, ...commands, `notes: ${shown(dir)}`].join('\n');
}

import os from 'node:os';
import { findRuns, removeRun, type RunOnEngine } from '../../engine/cleanup';
import { connectEngine, type Engine } from '../../engine/connect';
import { labels } from '../../run/ids';
import { plural } from '../../../reports/quantity';
import { examples, type CommandLine, type DefineCommand } from '../command-line';
import { stateOf } from '../clusters';
import { oneNamed } from '../naming';
import { usageError } from '../usage';

/** `pgdrill down`: removes a cluster with all that belongs to it. */
export const defineDown: DefineCommand = (program, line) => {
  program
    .command('down')
    .description('remove a cluster that is up, with its network and volumes')
    .argument('[run]', 'id, begin of an id, or latest; may be left out when there is only one')
    .option('--all', 'every kept cluster and everything left over by runs that died')
    .addHelpText(
      'after',
      examples([
        ['pgdrill down', 'the one cluster that is up'],
        ['pgdrill down --all', 'all but what a running drill uses'],
      ]),
    )
    .action((name: string | undefined, flags: { all?: boolean }) => {
      if (name !== undefined && flags.all) throw usageError('a run and --all were given', 'give one of them');
      line.work = async () => {
        const engine = await connectEngine();
        return flags.all ? downAll(line, engine) : downOne(line, engine, name);
      };
    });
};

async function downOne({ screen }: CommandLine, engine: Engine, name: string | undefined): Promise<number> {
  const runs = await findRuns(engine);
  const own = name === undefined ? runs.filter((run) => stateOf(run, os.hostname()) === 'kept') : runs;
  if (name === undefined && own.length > 1) {
    const ids = own.map(({ run }) => run).sort();
    throw usageError(`${own.length} clusters are kept: ${ids.join(', ')}`, 'name one, or give --all');
  }
  if (name === undefined && own.length === 0) {
    screen.print('nothing to remove');
    return 0;
  }
  const ids = own.map(({ run }) => run);
  const run = oneNamed(name ?? 'latest', ids, 'a run with something on this engine', 'nothing has to be removed');
  await remove(screen, engine, run);
  return 0;
}

async function downAll({ screen }: CommandLine, engine: Engine): Promise<number> {
  const runs = await findRuns(engine);
  const states = runs.map((run) => ({ run, state: stateOf(run, os.hostname()) }));
  const gone = states.filter(({ state }) => state === 'kept' || state === 'left over');
  await Promise.all(gone.map(({ run }) => remove(screen, engine, run.run)));
  if (gone.length === 0) screen.print('nothing to remove');
  for (const { run, state } of states) {
    if (state === 'running drill') screen.print(`${run.run} left alone: the process that made it runs`);
    if (state === 'of another host')
      screen.print(`${run.run} left alone: made on ${hostOf(run)}; name it to remove it`);
  }
  return 0;
}

async function remove(screen: CommandLine['screen'], engine: Engine, run: string): Promise<void> {
  const names = await removeRun(engine, run);
  screen.print(`${run} removed: ${plural(names.length, 'thing')} (containers, networks, volumes)`);
}

function hostOf(run: RunOnEngine): string {
  const owners = run.resources.map((resource) => resource.labels[labels.owner]?.split('/')[0]);
  return owners.find((host) => host !== undefined) ?? 'an unknown host';
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { connectEngine, type Engine } from '../../engine/connect';
import type { Container } from '../../engine/container';
import { PgdrillError } from '../../record/errors';
import { examples, type CommandLine, type DefineCommand } from '../command-line';
import { clustersUp, containersOf, namedCluster, namedMember, runAndMember } from '../clusters';
import { takeInterrupts } from '../interruption';
import { savedRun } from '../saved-runs';
import { numberOf } from '../usage';

interface LogFlags {
  follow?: boolean;
  tail?: string;
}

/** `pgdrill logs`: the logs of a cluster that is up, or those saved with a run. */
export const defineLogs: DefineCommand = (program, line) => {
  program
    .command('logs')
    .description('show the logs of a cluster that is up, or those that were saved with a run')
    .argument('[run]', 'id or begin of an id; default the latest cluster')
    .argument('[member]', 'db1, etcd1, barman …; default all')
    .option('-f, --follow', 'go on with what comes')
    .option('-n, --tail <lines>', 'only the last lines of each')
    .addHelpText(
      'after',
      examples([
        ['pgdrill logs db1', 'Patroni and PostgreSQL on db1'],
        ['pgdrill logs --follow', 'all members, live'],
        ['pgdrill logs 20261121t0551 barman', 'of a run that has ended'],
      ]),
    )
    .action((first: string | undefined, second: string | undefined, flags: LogFlags) => {
      const { run, member } = runAndMember(first, second);
      const range = { least: 0, most: 10_000_000, whole: true };
      const tail = flags.tail === undefined ? undefined : numberOf('--tail', flags.tail, range);
      line.work = async () => {
        const engine = await connectEngine();
        const up = (await clustersUp(engine)).map((one) => one.run);
        const isUp = run === undefined || run === 'latest' ? up.length > 0 : up.some((id) => id.startsWith(run));
        if (!isUp) return savedLogs(line, run ?? 'latest', member, tail);
        const id = await namedCluster(engine, run);
        const containers = await containersOf(engine, id);
        const chosen = member === undefined ? containers : new Map([[member, namedMember(containers, member)]]);
        await showAll(line, chosen, tail);
        return flags.follow ? follow(line, engine, id, chosen) : 0;
      };
    });
};

async function showAll(line: CommandLine, containers: ReadonlyMap<string, Container>, tail?: number): Promise<void> {
  for (const [name, container] of containers) {
    const text = await container.logs(tail === undefined ? {} : { tail });
    line.screen.data(containers.size > 1 ? withName(name, text) : text);
  }
}

/** Ends at an interrupt, when the reader goes away, or when the cluster is gone. */
async function follow(
  line: CommandLine,
  engine: Engine,
  run: string,
  containers: ReadonlyMap<string, Container>,
): Promise<number> {
  const interruption = takeInterrupts(line.screen, () => undefined);
  const stops: (() => void)[] = [];
  try {
    for (const [name, container] of containers) {
      const prefix = containers.size > 1 ? `${name} | ` : '';
      stops.push(await container.followLogs((text) => line.screen.data(`${prefix}${text}\n`)));
    }
    await new Promise<void>((resolve) => {
      // The streams do not keep the process alive; this does, and notices that the cluster is gone.
      const look = setInterval(() => {
        containersOf(engine, run).then((left) => left.size === 0 && done(), done);
      }, 2_000);
      const done = (): void => {
        clearInterval(look);
        resolve();
      };
      interruption.signal.addEventListener('abort', done, { once: true });
    });
    return 0;
  } finally {
    for (const stop of stops) stop();
    interruption.stop();
  }
}

function savedLogs(line: CommandLine, name: string, member?: string, tail?: number): number {
  const { dir, run } = savedRun(name);
  const folder = path.join(dir, 'logs');
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.log'))
        .sort()
    : [];
  const chosen = member === undefined ? files : files.filter((file) => file === `${member}.log`);
  if (chosen.length === 0) {
    throw new PgdrillError(
      'PGDRILL_NO_LOGS',
      `no logs ${member === undefined ? '' : `of ${member} `}were saved with the run ${run}, and its cluster is not up`,
      files.length > 0
        ? `choose one of ${files.map((file) => file.replace(/\.log$/, '')).join(', ')}`
        : 'logs are saved when a run did not pass',
    );
  }
  for (const file of chosen) {
    const lines = readFileSync(path.join(folder, file), 'utf8').split(/(?<=\n)/);
    const text = (tail === undefined ? lines : lines.slice(Math.max(lines.length - tail, 0))).join('');
    line.screen.data(chosen.length > 1 ? withName(file.replace(/\.log$/, ''), text) : text);
  }
  return 0;
}

function withName(name: string, text: string): string {
  return text.replace(/\n$/, '') === '' ? '' : `${text.replace(/\n$/, '').replace(/^/gm, `${name} | `)}\n`;
}

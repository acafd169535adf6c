import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { barmanLogFile } from '../../cluster/barman-config';
import { findContainers, type Container } from '../../engine/container';
import type { Engine } from '../../engine/connect';
import { messageOf } from '../../record/errors';
import type { SecretsEvidence } from '../../record/evidence';
import { labels } from '../../run/ids';
import type { Run } from '../../run/run';
import { limited } from '../../run/until';

/** Log files by what a container is, for one that does not run and cannot be asked which it has. */
const KNOWN_LOGS: Readonly<Record<string, string[]>> = {
  db: ['/var/log/postgresql/postgresql.log'],
  barman: [barmanLogFile],
};

/** Every log but the package manager's, which was written when the image was built. */
const LOG_FILES =
  'find /var/log -path /var/log/apt -prune -o -type f -size +0 ! -name dpkg.log ! -name alternatives.log -print';

/** Gathers what was searched, what was found and what could not be looked at. */
class Search {
  readonly evidence: Required<SecretsEvidence>;

  constructor(private readonly run: Run) {
    this.evidence = { searched: [], secrets: run.secrets.count, found: [], unsearched: [] };
  }

  /** Searches one text, given whole or in pieces; one that cannot be read is kept as such. */
  async look(where: string, read: () => Promise<string | Buffer | AsyncIterable<Buffer>>): Promise<void> {
    const search = this.run.secrets.search();
    try {
      const text = await read();
      if (typeof text === 'string' || Buffer.isBuffer(text)) search.feed(text);
      else for await (const piece of text) search.feed(piece);
      this.evidence.searched.push(where);
    } catch (error) {
      this.evidence.unsearched.push({ where, why: messageOf(error) });
    }
    this.evidence.found.push(...search.found().map(({ secret, line }) => ({ secret, where, line })));
  }
}

/**
 * Looks for every secret of the run in what a person could read: of each container the log as the engine has it, its
 * configuration, its processes' command lines and the files under `/var/log`; and every file of the run's folder. Files
 * that have to hold a password in order to work (`pgpass`, `patroni.yml`, keys) are no logs and are not searched.
 *
 * What could not be read is in `unsearched`; the values and the lines that hold them are nowhere.
 * @throws PGDRILL_DEADLINE, PGDRILL_INTERRUPTED, or what the engine throws when it cannot list containers
 */
export async function searchSecrets(run: Run, engine: Engine): Promise<SecretsEvidence> {
  return limited('secrets searched', run, async () => {
    const search = new Search(run);
    const containers = await findContainers(engine, { [labels.run]: run.id });
    await Promise.all(containers.map((container) => searchContainer(search, container)));
    await searchFiles(search, run.dir);
    return inOrder(search.evidence);
  });
}

/** The same of the run's folder alone, where the containers are somebody's: what pgdrill writes must give nothing away. */
export async function searchReport(run: Run): Promise<SecretsEvidence> {
  return limited('secrets searched', run, async () => {
    const search = new Search(run);
    await searchFiles(search, run.dir);
    return inOrder(search.evidence);
  });
}

async function searchFiles(search: Search, folder: string): Promise<void> {
  for (const file of await filesBelow(folder))
    await search.look(`report: ${path.relative(folder, file)}`, () => Promise.resolve(createReadStream(file)));
}

async function searchContainer(search: Search, container: Container): Promise<void> {
  const name = container.labels[labels.member] ?? container.name;
  await search.look(`log of ${name}`, () => container.logs());
  await search.look(`configuration of ${name}`, async () => JSON.stringify(await container.inspect()));
  const running = await container.isRunning().catch(() => false);
  let files = KNOWN_LOGS[container.labels[labels.role] ?? ''] ?? [];
  if (running) {
    await search.look(`processes of ${name}`, () => output(container, 'cat /proc/[0-9]*/cmdline 2> /dev/null || true'));
    await output(container, LOG_FILES).then(
      (list) => (files = list.split('\n').filter((line) => line !== '')),
      // Said where it matters: the files known by name are tried all the same.
      (error: unknown) => search.evidence.unsearched.push({ where: `list of logs in ${name}`, why: messageOf(error) }),
    );
  }
  for (const file of files) await search.look(`${name}: ${file}`, () => container.readBytes(file));
}

async function output(container: Container, script: string): Promise<string> {
  return (await container.exec(['sh', '-c', script], { check: true })).stdout;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** By place and name, so that what ran side by side leaves one record. */
function inOrder({ searched, secrets, found, unsearched }: Required<SecretsEvidence>): SecretsEvidence {
  const by = <T>(list: T[], text: (item: T) => string): T[] =>
    [...list].sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
  return {
    searched: [...searched].sort(),
    secrets,
    found: by(found, ({ where, secret }) => `${where}\n${secret}`),
    ...(unsearched.length > 0 ? { unsearched: by(unsearched, ({ where }) => where) } : {}),
  };
}

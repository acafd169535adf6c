import path from 'node:path';
import type { Container } from '../../engine/container';
import { PgdrillError } from '../../record/errors';
import type { WaitContext } from '../../run/until';
import { runCommand } from '../command';
import type { MemberPlaces } from '../description';
import type { ForeignFile } from './description-file';
import { discoveryFailed } from './discovery-failed';
import { readPatroniSettings, type PatroniSettings } from './patroni-settings';
import { findSupervision } from './find-supervision';
import { findPatroni, parseProcesses, processScript } from './processes';
import { unsupervised, type Supervision } from './supervision';

/** What stays the same while Patroni is stopped, so that a later process can go on without it: no secret. */
export interface Remembered {
  configFile?: string | undefined;
  start: string[];
  stop: string[];
  osUser: string;
  binDir: string;
}

/** What the running container of a member shows by itself. */
export interface SeenMember {
  container: Container;
  running: boolean;
  /** Patroni's configuration file, where Patroni runs and was given one. */
  configFile?: string;
  /** Patroni runs. */
  patroni: boolean;
  environment: Record<string, string>;
  supervision?: Supervision;
  /** Why no supervision was found though Patroni runs. */
  unsupervised?: PgdrillError;
}

/** A member, with all that is needed of it. */
export interface DiscoveredMember {
  container: Container;
  running: boolean;
  settings: PatroniSettings;
  places: MemberPlaces;
  remembered: Remembered;
}

/** Looks at a member's container: whether it runs, whether Patroni runs in it, and by what. */
export async function seeMember(context: WaitContext, container: Container): Promise<SeenMember> {
  const { Config } = await container.inspect();
  const ofImage = environmentOf(Config.Env ?? []);
  if (!(await container.isRunning())) return { container, running: false, patroni: false, environment: ofImage };
  const exec = async (script: string, ...words: string[]) =>
    (await runCommand(context, container, ['sh', '-c', script, 'sh', ...words], { check: false })).stdout;
  const processes = parseProcesses(await exec(processScript));
  const found = findPatroni(processes);
  if (!found) return { container, running: true, patroni: false, environment: ofImage };
  const { process, configFile } = found;
  const cwd = (await exec('readlink "/proc/$1/cwd"', String(process.pid))).trim();
  const environment = environmentOf((await exec('cat "/proc/$1/environ"', String(process.pid))).split('\0'));
  const supervision = await findSupervision(processes, process, exec);
  return {
    container,
    running: true,
    patroni: true,
    environment,
    ...(configFile === undefined ? {} : { configFile: path.posix.resolve(cwd || '/', configFile) }),
    ...(supervision
      ? { supervision }
      : {
          unsupervised: unsupervised(
            container.name,
            processes.find(({ pid }) => pid === 1),
          ),
        }),
  };
}

/**
 * All that is needed of a member. What its container does not show, because Patroni or the container does not run, is
 * taken from the description, from what an earlier process has found, or from another member.
 * @throws PGDRILL_DISCOVERY_FAILED, PGDRILL_PATRONI_IS_PID1
 */
export async function completeMember(
  context: WaitContext,
  seen: SeenMember,
  given: ForeignFile,
  earlier: Remembered | undefined,
  others: readonly SeenMember[],
): Promise<DiscoveredMember> {
  const { container } = seen;
  const like = others.find((other) => other.patroni);
  const configFile = given.patroni?.config ?? seen.configFile ?? earlier?.configFile ?? like?.configFile;
  const fromEnvironment = seen.patroni || like !== undefined || earlier !== undefined;
  if (configFile === undefined && !fromEnvironment) {
    throw discoveryFailed(
      container.name,
      'Patroni runs in no member, so its configuration is not known',
      'start it in one of them; or write into the description: patroni: { config: /path/of/patroni.yml, start: …, stop: … }',
    );
  }
  const file = configFile ?? 'its environment';
  const text = configFile === undefined ? '' : await configText(context, seen, configFile);
  const settings = readPatroniSettings({ container: container.name, file }, text, seen.environment, given.etcd?.hosts);
  const supervision = givenSupervision(given) ?? seen.supervision ?? earlier ?? like?.supervision;
  if (!supervision) throw seen.unsupervised ?? like?.unsupervised ?? unsupervised(container.name, undefined);
  const osUser = given.postgres?.user ?? (await ownerOf(context, seen, settings.dataDir)) ?? earlier?.osUser;
  const binDir =
    given.postgres?.bin_dir ??
    settings.binDir ??
    (await programsOf(context, seen, settings.dataDir)) ??
    earlier?.binDir;
  const { start, stop } = supervision;
  const places: MemberPlaces = {
    container: container.name,
    configFile: configFile ?? '',
    dataDir: settings.dataDir,
    // Of a container that does not run nothing is asked: nothing is done there either.
    binDir: binDir ?? (seen.running ? missingPrograms(container, settings) : '/usr/bin'),
    osUser: osUser ?? (seen.running ? missingOwner(container, settings) : 'postgres'),
    superuser: settings.superuser.username,
    postgres: settings.postgres,
    rest: settings.rest,
    start,
    stop,
  };
  const remembered = {
    ...(configFile === undefined ? {} : { configFile }),
    start,
    stop,
    osUser: places.osUser,
    binDir: places.binDir,
  };
  return { container, running: seen.running, settings, places, remembered };
}

async function configText(context: WaitContext, seen: SeenMember, file: string): Promise<string> {
  const { container } = seen;
  try {
    // By the engine only where nothing can be run: it does not see what is mounted into a running container since.
    if (!seen.running) return await container.readFile(file);
    return (await runCommand(context, container, ['cat', file])).stdout;
  } catch (cause) {
    throw discoveryFailed(
      container.name,
      `Patroni's configuration ${file} cannot be read`,
      'put it in its place; or name the right file in the description as patroni: { config: … }',
      cause,
    );
  }
}

function givenSupervision({ patroni }: ForeignFile): Supervision | undefined {
  const words = (command: string | string[]) => (typeof command === 'string' ? ['sh', '-c', command] : command);
  if (patroni?.start === undefined || patroni.stop === undefined) return undefined;
  return { start: words(patroni.start), stop: words(patroni.stop) };
}

/** The owner of the data directory, or of the folder that it lies in where it is not there. */
async function ownerOf(context: WaitContext, seen: SeenMember, dataDir: string): Promise<string | undefined> {
  if (!seen.running) return undefined;
  const script = 'stat -c %U "$1" 2> /dev/null || stat -c %U "$(dirname "$1")"';
  const { stdout } = await runCommand(context, seen.container, ['sh', '-c', script, 'sh', dataDir], { check: false });
  const owner = stdout.trim();
  return owner === '' || owner === 'UNKNOWN' || owner === 'root' ? undefined : owner;
}

/** Where the server's programs lie: those that run, else Debian's place for the data's release, else the PATH. */
async function programsOf(context: WaitContext, seen: SeenMember, dataDir: string): Promise<string | undefined> {
  if (!seen.running) return undefined;
  const script = `pid=$(head -n 1 "$1/postmaster.pid" 2> /dev/null)
for program in "$(readlink "/proc/$pid/exe" 2> /dev/null)" "/usr/lib/postgresql/$(cat "$1/PG_VERSION" 2> /dev/null)/bin/postgres" "$(command -v postgres)"; do
  if [ -x "$(dirname "$program")/pg_ctl" ]; then dirname "$program"; exit; fi
done`;
  const { stdout } = await runCommand(context, seen.container, ['sh', '-c', script, 'sh', dataDir], { check: false });
  return stdout.trim() || undefined;
}

function missingPrograms(container: Container, { dataDir }: PatroniSettings): never {
  throw discoveryFailed(
    container.name,
    `the programs of PostgreSQL (pg_ctl) of ${dataDir} are not found`,
    'write into the description: postgres: { bin_dir: /usr/lib/postgresql/15/bin }',
  );
}

function missingOwner(container: Container, { dataDir }: PatroniSettings): never {
  throw discoveryFailed(
    container.name,
    `${dataDir} belongs to root or to nobody of that container, so who runs PostgreSQL is not known`,
    'write into the description: postgres: { user: postgres }',
  );
}

function environmentOf(lines: readonly string[]): Record<string, string> {
  const pairs = lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
  return Object.fromEntries(pairs.filter(([name]) => name !== ''));
}

import { z } from 'zod';
import type { Container } from '../../engine/container';
import type { WaitContext } from '../../run/until';
import { runCommand } from '../command';
import type { BarmanPlaces } from '../description';
import type { DiscoveredMember } from './discover-member';
import type { ForeignFile } from './description-file';
import { discoveryFailed } from './discovery-failed';
import { findSupervision } from './find-supervision';
import { findReceiveWal, parseProcesses, processScript } from './processes';
import { sharedPath } from './shared-mount';
import type { Supervision } from './supervision';

/** What `barman -f json show-servers` says of a server, as far as it matters here. */
const serverSchema = z.object({
  backup_directory: z.string(),
  basebackups_directory: z.string(),
  wals_directory: z.string(),
  incoming_wals_directory: z.string(),
  streaming_wals_directory: z.string(),
  streaming_archiver: z.union([z.boolean(), z.string()]),
  compression: z.string().nullish(),
});

/** Barman, with all that is needed of it. */
export interface DiscoveredBarman {
  server: string;
  places: BarmanPlaces;
  /** What it does that limits pgdrill, in words. */
  warnings: string[];
}

/**
 * Asks Barman for its servers and finds the one that backs the cluster up.
 * @param systemIdentifier of the cluster, where it is known
 * @param earlier how receive-wal was started and stopped when an earlier process saw it run
 * @throws PGDRILL_DISCOVERY_FAILED
 */
export async function discoverBarman(
  context: WaitContext,
  container: Container,
  given: ForeignFile['barman'],
  members: readonly DiscoveredMember[],
  systemIdentifier: string | undefined,
  earlier?: Supervision,
): Promise<DiscoveredBarman> {
  // Barman started by root becomes the user of its configuration (barman/cli.py, global_config).
  const ask = async (...words: string[]) => askBarman(context, container, words);
  const servers = Object.keys(await ask('list-servers')).filter((name) => !name.startsWith('_'));
  const server = await chooseServer(context, container, given, servers, systemIdentifier, ask);
  const shown = serverSchema.safeParse((await ask('show-servers', server))[server]);
  if (!shown.success) {
    throw discoveryFailed(
      container.name,
      `"barman show-servers ${server}" has another form than known: ${shown.error.issues[0]?.path.join('.')}`,
      'check that its release is 3.4 or later',
    );
  }
  const found = shown.data;
  const home = found.backup_directory;
  for (const [folder, standard] of [
    [found.basebackups_directory, `${home}/base`],
    [found.wals_directory, `${home}/wals`],
    [found.incoming_wals_directory, `${home}/incoming`],
    [found.streaming_wals_directory, `${home}/streaming`],
  ]) {
    if (folder === standard) continue;
    throw discoveryFailed(
      container.name,
      `server ${server} keeps ${folder}, where pgdrill reads ${standard}`,
      "leave Barman's folders of a server in their standard places below backup_directory",
    );
  }
  const exec = async (script: string, ...words: string[]) =>
    (await runCommand(context, container, ['sh', '-c', script, 'sh', ...words], { check: false })).stdout.trim();
  const streams = found.streaming_archiver === true || found.streaming_archiver === 'on';
  const user = given.user ?? (await exec('stat -c %U "$1"', home));
  const binDir = await exec(
    `command -v pg_waldump > /dev/null && exit
for program in /usr/lib/postgresql/*/bin/pg_waldump /usr/pgsql-*/bin/pg_waldump; do [ -x "$program" ] && found=$program; done
[ -n "$found" ] && dirname "$found"`,
  );
  const mounts = (await container.inspect()).Mounts;
  const mounted = await Promise.all(
    members.map(async (member) => {
      const own = (await member.container.inspect()).Mounts;
      return [member.settings.name, sharedPath(member.places.dataDir, own, mounts)] as const;
    }),
  );
  return {
    server,
    places: {
      container: container.name,
      home,
      user,
      host: await sshHost(
        context,
        container,
        { user, ...(given.host === undefined ? {} : { host: given.host }) },
        members,
      ),
      receiving: streams ? ((await receiving(server, exec)) ?? earlier ?? byCron(server)) : null,
      ...(binDir === '' ? {} : { binDir }),
      mounted: Object.fromEntries(mounted.filter((pair): pair is [string, string] => pair[1] !== undefined)),
    },
    warnings: found.compression
      ? [
          `Barman compresses the WAL of ${server} (${found.compression}): what is in it cannot be looked up before the recovery`,
        ]
      : [],
  };
}

async function askBarman(
  context: WaitContext,
  container: Container,
  words: readonly string[],
): Promise<Record<string, unknown>> {
  const { exitCode, stdout, stderr } = await runCommand(context, container, ['barman', '-f', 'json', ...words], {
    check: false,
  });
  try {
    return JSON.parse(stdout) as Record<string, unknown>;
  } catch (cause) {
    throw discoveryFailed(
      container.name,
      `"barman ${words.join(' ')}" ended with ${exitCode} and printed no JSON: ${(stderr || stdout).trim().slice(-300)}`,
      'write the container that Barman runs in into the description: barman: { container: … }',
      cause,
    );
  }
}

async function chooseServer(
  context: WaitContext,
  container: Container,
  given: ForeignFile['barman'],
  servers: readonly string[],
  systemIdentifier: string | undefined,
  ask: (...words: string[]) => Promise<Record<string, unknown>>,
): Promise<string> {
  const list = servers.length === 0 ? 'none' : servers.join(', ');
  if (given.server !== undefined) {
    if (servers.includes(given.server)) return given.server;
    throw discoveryFailed(
      container.name,
      `Barman has no server "${given.server}"; it has ${list}`,
      'write one of them into the description: barman: { server: … }',
    );
  }
  if (servers.length === 1) return servers[0]!;
  const identifiers = await Promise.all(
    servers.map(async (name) => [name, await identifierOf(context, container, name, ask)] as const),
  );
  const fitting = identifiers.filter(([, identifier]) => identifier === systemIdentifier).map(([name]) => name);
  if (systemIdentifier !== undefined && fitting.length === 1) return fitting[0]!;
  throw discoveryFailed(
    container.name,
    `Barman's servers are ${list}, and ${fitting.length === 0 ? 'none' : 'more than one'} of them is known to be of system ${systemIdentifier ?? 'unknown'}`,
    'write the right one into the description: barman: { server: … }',
  );
}

/** What keeps a receive-wal that runs; undefined where none runs, or nothing keeps it but `barman cron`. */
async function receiving(
  server: string,
  exec: (script: string, ...words: string[]) => Promise<string>,
): Promise<Supervision | undefined> {
  const processes = parseProcesses(await exec(processScript));
  const process = findReceiveWal(processes, server);
  return process && findSupervision(processes, process, exec);
}

/** `barman cron` starts a receiver where none runs, and leaves it to itself (Barman's documentation, "cron"). */
function byCron(server: string): Supervision {
  return { start: ['barman', 'cron'], stop: ['barman', 'receive-wal', '--stop', server] };
}

/**
 * The name by which a member reaches Barman by ssh without a password, as restore_command wants it: tried, of the names
 * that the container has on its networks.
 * @returns null where none is answered: then all WAL that a recovery needs is copied with the backup
 * @throws PGDRILL_DISCOVERY_FAILED where the description gives a name and it is not answered
 */
async function sshHost(
  context: WaitContext,
  container: Container,
  { host, user }: { host?: string; user: string },
  members: readonly DiscoveredMember[],
): Promise<string | null> {
  const member = members.find(({ running }) => running);
  if (!member) return host ?? null;
  const { Config, NetworkSettings } = await container.inspect();
  const aliases = Object.values(NetworkSettings.Networks).flatMap(({ Aliases }) => (Aliases as string[] | null) ?? []);
  const names = host === undefined ? [...new Set([Config.Hostname, ...aliases, container.name])] : [host];
  const script = `for host; do
  ssh -n -o BatchMode=yes -o ConnectTimeout=3 "$USER_OF_BARMAN@$host" barman --version > /dev/null 2>&1 && echo "$host" && exit
done`.replace('$USER_OF_BARMAN', user);
  const { stdout } = await runCommand(context, member.container, ['sh', '-c', script, 'sh', ...names], {
    user: member.places.osUser,
    check: false,
  });
  const answered = stdout.trim();
  if (answered !== '') return answered;
  if (host === undefined) return null;
  throw discoveryFailed(
    member.container.name,
    `${member.places.osUser} does not reach Barman there: ssh ${user}@${host} barman --version`,
    'correct barman: { host: … } in the description, or leave it out: WAL is then copied with the backup',
  );
}

/** The system identifier that Barman has noted for a server at its first contact (barman/server.py, identity.json). */
async function identifierOf(
  context: WaitContext,
  container: Container,
  server: string,
  ask: (...words: string[]) => Promise<Record<string, unknown>>,
): Promise<string | undefined> {
  const shown = serverSchema.safeParse((await ask('show-servers', server))[server]);
  if (!shown.success) return undefined;
  const file = `${shown.data.backup_directory}/identity.json`;
  const { stdout } = await runCommand(context, container, ['cat', file], { check: false });
  return /"systemid":\s*"(\d+)"/.exec(stdout)?.[1];
}

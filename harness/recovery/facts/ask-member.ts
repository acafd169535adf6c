import type { PatroniNode } from '../../cluster/patroni-node';
import type { MemberFacts } from '../plan/facts';

/**
 * Room, mount points, and the settings by which Patroni would remove data. Of the configuration nothing else is printed: it
 * holds passwords.
 */
const script = `parent=$(dirname "$1")
echo "free $(df -B1 --output=avail "$parent" | tail -n 1)"
grep -qs " $1 " /proc/self/mounts && echo mount
grep -hoE '^ *remove_data_directory_on_(rewind_failure|diverged_timelines) *: *([Tt]rue|[Yy]es|[Oo]n)' "$2" 2>/dev/null |
  sed -E 's/^ *([a-z_]+).*/removes \\1/'
true`;

/**
 * One member, its server running or not.
 * @param leader name of the leader, if there is one
 * @param keys what Patroni keeps in the DCS, by name
 * @param everywhere settings of the dynamic configuration that are on and let Patroni remove a data directory
 */
export async function askMember(
  node: PatroniNode,
  leader: string | undefined,
  keys: Readonly<Record<string, string>>,
  everywhere: readonly string[],
): Promise<MemberFacts> {
  const running = await node.container.isRunning();
  const member = JSON.parse(keys[`members/${node.name}`] ?? '{}') as { tags?: Record<string, unknown> };
  const said = running
    ? (await node.exec(['sh', '-c', script, 'sh', node.dataDir, node.places.configFile])).stdout
    : '';
  const removes = [
    ...new Set([...everywhere, ...[...said.matchAll(/^removes (\S+)$/gm)].map(([, name = '']) => name)]),
  ];
  return {
    name: node.name,
    leader: node.name === leader,
    running,
    nofailover: member.tags?.nofailover === true,
    dataDir: node.dataDir,
    freeBytes: BigInt(/^free\s+(\d+)$/m.exec(said)?.[1] ?? '0'),
    ...(/^mount$/m.test(said) ? { dataDirIsMount: true } : {}),
    ...(removes.length > 0 ? { removes } : {}),
  };
}

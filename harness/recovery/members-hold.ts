import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import { parseControlData } from '../formats/controldata';
import { namedParts } from '../formats/named-parts';
import { parseTimelineHistory } from '../formats/timeline-history';
import { historyNameOf } from '../formats/wal-name';
import type { MemberFacts, PitrFacts } from './plan/facts';
import type { TypedPlaces } from './plan/typed-places';

type Held = Pick<MemberFacts, 'systemIdentifier' | 'timeline' | 'history' | 'oldestWal' | 'clean'>;

/** pg_control, the first segment of pg_wal by its place in the WAL, every history file, and whether a server runs. */
const script = `cd "$1" || exit 1
LC_ALL=C "$2/pg_controldata" -D .
echo "== oldest"; ls pg_wal | grep -E '^[0-9A-F]{24}$' | sort -k 1.9,1.24 | head -n 1
echo "== running"; [ -e postmaster.pid ] && kill -0 "$(head -n 1 postmaster.pid)" 2>/dev/null && echo yes
for file in pg_wal/*.history; do [ -e "$file" ] && echo "== \${file#pg_wal/}" && cat "$file"; done
true`;

/**
 * What the data directory of each member holds, by which it is decided how it comes back; and where a person types the
 * commands of the plan. Nothing of a member that cannot be read.
 */
export async function membersHold(cluster: Cluster): Promise<{ held: Record<string, Held>; places: TypedPlaces }> {
  const held = await Promise.all(
    cluster.nodes.map(async (node) => [node.name, await holds(node).catch(() => ({}))] as const),
  );
  return { held: Object.fromEntries(held), places: placesOf(cluster) };
}

/** The facts of a plan with this in them. */
export function withHeld(facts: PitrFacts, { held, places }: Awaited<ReturnType<typeof membersHold>>): PitrFacts {
  return { ...facts, places, members: facts.members.map((member) => ({ ...member, ...held[member.name] })) };
}

async function holds(node: PatroniNode): Promise<Held> {
  const { stdout } = await node.exec(['bash', '-c', script, 'bash', node.dataDir, node.binDir]);
  const { before, parts } = namedParts(stdout, /\S+/);
  const control = parseControlData(before);
  // A standby's control file names the timeline that it replays before its next restart point does.
  const timeline = Math.max(control.timeline, control.minRecoveryEndTimeline);
  const history = timeline === 1 ? '' : parts.get(historyNameOf(timeline));
  const oldestWal = parts.get('oldest')?.trim();
  return {
    systemIdentifier: control.systemIdentifier,
    timeline,
    clean: parts.get('running')?.trim() === 'yes' || control.state.startsWith('shut down'),
    ...(history === undefined ? {} : { history: parseTimelineHistory(timeline, history).ancestors }),
    ...(oldestWal ? { oldestWal } : {}),
  };
}

/** By the handles of a cluster, whoever booted it. */
function placesOf({ nodes, barman, etcd }: Cluster): TypedPlaces {
  const [etcdMember] = [...etcd.members.values()];
  return {
    members: Object.fromEntries(
      nodes.map(({ name, container, places }) => [
        name,
        {
          container: container.name,
          binDir: places.binDir,
          osUser: places.osUser,
          superuser: places.superuser,
          port: places.postgres.port,
          start: places.start,
          stop: places.stop,
        },
      ]),
    ),
    barman: {
      container: barman.container.name,
      user: barman.user,
      host: barman.host,
      mounted: barman.places.mounted,
      ...(barman.places.receiving
        ? { startReceiving: barman.places.receiving.start, stopReceiving: barman.places.receiving.stop }
        : {}),
    },
    ...(etcdMember ? { etcd: etcdMember.name } : {}),
  };
}

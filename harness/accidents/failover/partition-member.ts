import { z } from 'zod';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { nowText } from '../../run/recorder';
import { defineAccident } from '../define-accident';
import { victimsNamed } from '../victims';
import { chainOf, cutOff, ports, reached, restore, type CutFrom } from './packet-drops';

export const partitionMember = defineAccident({
  name: 'partition-member',
  family: 'failover',
  title: 'member cut off',
  does: "Every packet between a member and some others dropped, both ways, by iptables inside the member's own network namespace: no connection is refused or ended, all of them fall silent. Cut off from etcd, the leader demotes itself and another is promoted once the key has run out. Cut off from the replicas, it goes on, and what it acknowledges is on no other member. Cut off from its clients, Patroni notices nothing. Cut off from the cluster, that is from etcd and the replicas at once, it acknowledges writes that a failover gives up, until it demotes itself.",
  strikes: ['leader', 'replica'],
  options: z.object({
    from: z.enum(['etcd', 'replicas', 'clients', 'cluster']).describe('whom its packets no longer reach'),
  }),
  proof: 'a new connection to each of those it is cut off from, or from a client, is not answered, and was before',
  undone: 'exactly its chain of rules is removed, in a later process too; a container that was started again has none',
  neverTouches: "other rules, other containers' namespaces, Barman's connections",
  stopsWrites: { when: ({ from }) => from !== 'replicas', words: 'but where it is cut off from the replicas' },
  async lacks(_context, { nodes: [node] }) {
    const { exitCode, stderr } = await node!.exec(['iptables', '-S'], { check: false });
    return exitCode === 0 ? undefined : `iptables in the container of ${node!.name}: ${stderr.trim()}`;
  },
  async prepare({ cluster }, { nodes: [node] }, { from }) {
    return { reached: (await answering(cluster, node!, from)).join(', ') };
  },
  async strike({ cluster, deal }, { nodes: [node] }, { from }, { reached: before = '' }) {
    const addresses = await addressesOf(cluster, node!);
    await deal(() => cutOff(node!, from, addresses));
    const struckAt = nowText();
    const after = await answering(cluster, node!, from);
    return {
      struckAt,
      proof: {
        took: before !== '' && after.length === 0,
        expected: `${node!.name} cut off from ${before || 'nobody, for it reached nobody before'}`,
        found: after.length === 0 ? 'no new connection is answered' : `still answered: ${after.join(', ')}`,
      },
    };
  },
  async undo({ cluster, options, struck }) {
    for (const node of victimsNamed(cluster, 'leader', struck).nodes) {
      if (await node.container.isRunning()) await restore(node, options.from);
    }
    return `${struck.join(', ')} is no longer cut off from ${options.from} (chain ${chainOf(options.from)} removed)`;
  },
});

/** Names on the cluster's network, of those that a member talks to. */
function othersOf(cluster: Cluster, node: PatroniNode): Record<'etcd' | 'replicas', string[]> {
  return { etcd: [...cluster.etcd.members.keys()], replicas: cluster.others(node.name).map(({ name }) => name) };
}

/** By the names' addresses of now: each start of a container gives it another one. */
async function addressesOf(
  cluster: Cluster,
  node: PatroniNode,
): Promise<Record<'etcd' | 'replicas' | 'barman', string[]>> {
  const { etcd, replicas } = othersOf(cluster, node);
  const resolve = async (names: string[]): Promise<string[]> => {
    const { stdout } = await node.exec(['getent', 'ahostsv4', ...names], { check: false });
    return [...new Set(stdout.split('\n').flatMap((line) => line.split(/\s+/)[0] || []))];
  };
  return { etcd: await resolve(etcd), replicas: await resolve(replicas), barman: await resolve(['barman']) };
}

/** Those on the other side of the cut that a new connection of now reaches. */
async function answering(cluster: Cluster, node: PatroniNode, from: CutFrom): Promise<string[]> {
  if (from === 'clients') return (await node.inRecovery()) === undefined ? [] : ['its clients'];
  const { etcd, replicas } = othersOf(cluster, node);
  return reached(node, [
    ...(from === 'replicas' ? [] : etcd.map((name) => ({ name, port: ports.etcd }))),
    ...(from === 'etcd' ? [] : replicas.map((name) => ({ name, port: ports.postgres }))),
  ]);
}

import type { Cluster } from '../../cluster/cluster';
import type { EtcdFacts } from '../plan/whole-cluster';

/** What the planner has to know of etcd, asked while it still runs. Leaders are looked for in the cluster's namespace. */
export async function gatherEtcdFacts({ etcd }: Cluster): Promise<EtcdFacts> {
  return { members: [...etcd.members.keys()], foreignLeaders: await etcd.otherLeaderKeys() };
}

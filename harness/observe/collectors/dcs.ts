import type { Cluster } from '../../cluster/cluster';
import type { DcsEvidence } from '../../record/evidence';

/** What etcd says of the cluster: who leads, which system it is, who is a member. */
export async function observeDcs(cluster: Cluster): Promise<DcsEvidence> {
  const keys = await cluster.etcd.keys();
  return {
    ...(keys.leader === undefined ? {} : { leader: keys.leader }),
    ...(keys.initialize === undefined ? {} : { initialize: keys.initialize }),
    leaderKeys: Object.keys(keys)
      .filter((key) => /(^|\/)leader$/.test(key))
      .map((key) => cluster.etcd.prefix + key)
      .sort(),
    members: Object.keys(keys)
      .filter((key) => key.startsWith('members/'))
      .map((key) => key.slice('members/'.length))
      .sort(),
  };
}

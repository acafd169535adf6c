import type { Cluster } from '../../cluster/cluster';
import { messageOf } from '../../record/errors';
import type { DcsEvidence } from '../../record/evidence';
import type { Run } from '../../run/run';
import { throwIfInterrupted } from '../../run/until';
import { dynamicConfig } from './dynamic-config';

/**
 * What etcd says of the cluster: who leads, which system it is, who is a member.
 * @returns nothing where no etcd member answers with a quorum: a warning says why, and the checks are unverified
 * @throws PGDRILL_INTERRUPTED
 */
export async function observeDcs(run: Run, cluster: Cluster): Promise<DcsEvidence | undefined> {
  try {
    return await readDcs(cluster);
  } catch (error) {
    throwIfInterrupted(run.signal);
    run.recorder.record({ kind: 'warning', text: `etcd could not be read: ${messageOf(error)}` });
    return undefined;
  }
}

async function readDcs(cluster: Cluster): Promise<DcsEvidence> {
  const [keys, leaderKeys] = await Promise.all([cluster.etcd.keys(), cluster.etcd.leaderKeys()]);
  return {
    ...(keys.leader === undefined ? {} : { leader: keys.leader }),
    config: dynamicConfig(keys),
    ...(keys.initialize === undefined ? {} : { initialize: keys.initialize }),
    leaderKeys,
    members: Object.keys(keys)
      .filter((key) => key.startsWith('members/'))
      .map((key) => key.slice('members/'.length))
      .sort(),
  };
}

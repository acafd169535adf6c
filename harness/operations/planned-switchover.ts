import type { Cluster } from '../cluster/cluster';
import type { Run } from '../run/run';
import { switchover } from './switchover';

/**
 * One planned switchover through Patroni, done once every member streams from the new leader: for a drill's `before`.
 * @param options.to the new leader; default: the first healthy replica
 */
export function plannedSwitchover(
  options: { to?: string } = {},
): (context: { run: Run; cluster: Cluster }) => Promise<string> {
  return async ({ run, cluster }) => {
    const { from, to } = await switchover(run, cluster, options.to);
    const leader = await cluster.awaitStreaming();
    return `switched over from ${from} to ${to}, timeline ${await leader.writtenTimeline()}`;
  };
}

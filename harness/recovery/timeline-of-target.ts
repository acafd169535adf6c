import type { Cluster } from '../cluster/cluster';
import type { RecoveryTarget } from '../record/recovery';
import type { Run } from '../run/run';
import { gatherFacts } from './gather-facts';
import { earlierTimeline } from './plan/earlier-timeline';

/**
 * The timeline that a target lies on: the cluster's own, or the ancestor that it was written on. One that was abandoned has
 * to be asked for by its number: a time may lie on several.
 */
export async function timelineOfTarget(run: Run, cluster: Cluster, target: RecoveryTarget): Promise<number> {
  const leader = await cluster.findLeader();
  // Timeline 1 has no ancestor: what most clusters are on costs nothing.
  if (leader && (await leader.writtenTimeline()) === 1) return 1;
  let facts = await gatherFacts(run, cluster, target);
  let { timeline } = facts;
  for (;;) {
    const earlier = earlierTimeline(target, facts, timeline);
    if (earlier === undefined) return timeline;
    timeline = earlier;
    facts = await gatherFacts(run, cluster, target, timeline);
  }
}

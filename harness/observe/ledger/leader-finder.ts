import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { pause } from '../../run/until';

/**
 * One search for the leader that all writers share: without it, four writers that lost their connection would each ask
 * every member's REST API ten times a second, on a machine that is busy recovering.
 */
export class LeaderFinder {
  private search: Promise<PatroniNode | undefined> | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly signal: AbortSignal,
  ) {}

  /** The leader, or undefined when there is none at this moment; callers at the same time get the same answer. */
  find(): Promise<PatroniNode | undefined> {
    this.search ??= this.look().finally(() => (this.search = undefined));
    return this.search;
  }

  private async look(): Promise<PatroniNode | undefined> {
    const leader = await this.cluster.findLeader();
    if (!leader) await pause(100, this.signal);
    return leader;
  }
}

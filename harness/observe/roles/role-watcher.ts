import type { Cluster } from '../../cluster/cluster';
import type { RolesEvidence } from '../../record/roles';
import { nowText } from '../../run/recorder';
import type { Run } from '../../run/run';
import { LeaderKeyHistory } from './leader-key-history';
import { RestHistory } from './rest-history';

/**
 * Records who led when, from its start until it is stopped: etcd's leader key by a watch, Patroni's REST API on every
 * member by looking twice a second. Ends with the run; never throws.
 */
export class RoleWatcher {
  private readonly from = nowText();
  private readonly stopping = new AbortController();
  private readonly key: LeaderKeyHistory;
  private readonly rest: RestHistory[];
  private readonly keyFollowed: Promise<void>;
  private evidence: RolesEvidence | undefined;

  private constructor(run: Run, cluster: Cluster) {
    this.key = new LeaderKeyHistory(cluster.etcd);
    this.rest = cluster.nodes.map((node) => new RestHistory(node));
    const signal = AbortSignal.any([run.signal, this.stopping.signal]);
    this.keyFollowed = this.key.follow({ deadlineScale: run.deadlineScale, signal });
    // They end by themselves; a look at a member that is frozen may take some seconds to.
    for (const one of this.rest) void one.follow(signal);
  }

  /** Starts to watch; the undo is registered with the run. */
  static start(run: Run, cluster: Cluster): RoleWatcher {
    const watcher = new RoleWatcher(run, cluster);
    run.teardown.add('role watcher', 'undo', () => watcher.stop().then(() => undefined));
    return watcher;
  }

  /** What is recorded so far. */
  record(): RolesEvidence {
    const { leaderKey, gaps, omitted } = this.key.record();
    const rest = this.rest.flatMap((one) => one.kept()).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    const left = { ...omitted, rest: this.rest.reduce((sum, one) => sum + one.omitted(), 0) };
    return {
      from: this.from,
      to: nowText(),
      leaderKey,
      rest,
      gaps,
      ...(left.leaderKey + left.rest + left.gaps > 0 ? { omitted: left } : {}),
    };
  }

  /** Ends the watch and returns the whole record. Idempotent. */
  async stop(): Promise<RolesEvidence> {
    this.evidence ??= this.record();
    this.stopping.abort();
    await this.keyFollowed;
    return this.evidence;
  }
}

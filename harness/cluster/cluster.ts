import { PgdrillError } from '../record/errors';
import { until, type WaitContext } from '../run/until';
import type { BarmanServer } from './barman-server';
import type { ClusterDescription } from './description';
import type { EtcdQuorum } from './etcd-quorum';
import type { PatroniNode } from './patroni-node';

/** One running set of containers: PostgreSQL members under Patroni, etcd, Barman. */
export class Cluster {
  constructor(
    private readonly context: WaitContext,
    readonly description: ClusterDescription,
    readonly members: ReadonlyMap<string, PatroniNode>,
    readonly etcd: EtcdQuorum,
    readonly barman: BarmanServer,
  ) {}

  get name(): string {
    return this.description.name;
  }

  get nodes(): PatroniNode[] {
    return [...this.members.values()];
  }

  /** @throws PGDRILL_UNKNOWN_MEMBER */
  member(name: string): PatroniNode {
    const node = this.members.get(name);
    if (node) return node;
    const known = [...this.members.keys()].join(', ');
    throw new PgdrillError('PGDRILL_UNKNOWN_MEMBER', `the cluster has no member "${name}"`, `choose one of ${known}`);
  }

  /** The members other than one. */
  others(name: string): PatroniNode[] {
    return this.nodes.filter((node) => node.name !== name);
  }

  /** The leader at this moment: Patroni says primary and PostgreSQL takes writes. Undefined when there is none. */
  async findLeader(): Promise<PatroniNode | undefined> {
    const found = await Promise.all(
      this.nodes.map(async (node) => {
        const status = await node.patroni();
        return status?.role === 'primary' && status.state === 'running' ? node : undefined;
      }),
    );
    return found.find((node) => node !== undefined);
  }

  /** Waits for a leader. */
  async leader(): Promise<PatroniNode> {
    return until('leader elected', this.context, () => this.findLeader());
  }

  /**
   * Waits until the leader streams to every other member, and each says so itself.
   * @returns the leader
   */
  async awaitStreaming(name: 'members streaming' | 'members rejoined' = 'members streaming'): Promise<PatroniNode> {
    let seen = 'no leader';
    return until(
      name,
      this.context,
      async () => {
        const leader = await this.findLeader();
        const status = await leader?.patroni();
        if (!leader || !status) return undefined;
        const others = this.others(leader.name);
        const missing = others.filter(
          (node) => !status.replication.some((row) => row.applicationName === node.name && row.state === 'streaming'),
        );
        seen = `leader ${leader.name}, not streaming: ${missing.map((node) => node.name).join(', ')}`;
        if (missing.length > 0) return undefined;
        // Patroni says "starting" for a moment longer, and a switchover would refuse such a member.
        const states = await Promise.all(
          others.map(async (node) => `${node.name} is ${(await node.patroni())?.state ?? 'silent'}`),
        );
        const unready = states.filter((state) => !/ (running|streaming)$/.test(state));
        seen = unready.join(', ');
        return unready.length === 0 ? leader : undefined;
      },
      { everyMs: 50, seen: () => seen },
    );
  }
}

import type { Container } from '../engine/container';
import { PgdrillError } from '../record/errors';
import { until, type WaitContext } from '../run/until';
import type { BarmanServer } from './barman-server';
import type { ClusterDescription } from './description';
import type { EtcdQuorum } from './etcd-quorum';
import type { PatroniNode, PatroniStatus } from './patroni-node';

/** One running set of containers: PostgreSQL members under Patroni, etcd, Barman. */
export class Cluster {
  constructor(
    private readonly context: WaitContext,
    readonly description: ClusterDescription,
    readonly members: ReadonlyMap<string, PatroniNode>,
    readonly etcd: EtcdQuorum,
    readonly barman: BarmanServer,
    /** Holds the members' loop devices, where they have file systems of their own. */
    readonly disks?: Container,
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

  /** The leader at this moment: Patroni says primary and PostgreSQL runs. Undefined when there is none. */
  async findLeader(): Promise<PatroniNode | undefined> {
    return leaderAmong(await this.statuses());
  }

  /** Waits for a leader. */
  async leader(): Promise<PatroniNode> {
    return until('leader elected', this.context, () => this.findLeader());
  }

  /**
   * Waits until the leader streams to every other member, and each says so itself.
   *
   * Each look asks every member's REST API once, and not more often than every 150 ms: Patroni answers in Python, from
   * the process that has to get on with what is being waited for.
   * @returns the leader
   */
  async awaitStreaming(name: 'members streaming' | 'members rejoined' = 'members streaming'): Promise<PatroniNode> {
    let seen = 'no leader';
    return until(
      name,
      this.context,
      async () => {
        const statuses = await this.statuses();
        const leader = leaderAmong(statuses);
        if (!leader) return undefined;
        const streaming = statuses.get(leader)?.replication.filter((row) => row.state === 'streaming') ?? [];
        const missing = this.others(leader.name).filter((node) => {
          // Patroni says "starting" for a moment longer, and a switchover would refuse such a member.
          const settled = /^(running|streaming)$/.test(statuses.get(node)?.state ?? '');
          return !settled || !streaming.some((row) => row.applicationName === node.name);
        });
        seen = `leader ${leader.name}, not streaming: ${missing.map((node) => `${node.name} (${statuses.get(node)?.state ?? 'silent'})`).join(', ')}`;
        return missing.length === 0 ? leader : undefined;
      },
      { everyMs: 150, seen: () => seen },
    );
  }

  /**
   * Waits until every other member has received what the leader had written when it was first asked. That they stream does not say so: of
   * a connection that the network has cut a moment ago, both ends still say it for `wal_sender_timeout` (PostgreSQL documentation, 20.6.1).
   * @returns the leader
   */
  async awaitReceived(name: 'members streaming' | 'members rejoined' = 'members streaming'): Promise<PatroniNode> {
    const written = new Map<PatroniNode, string>();
    let seen = 'no leader';
    return until(
      name,
      this.context,
      async () => {
        const leader = await this.findLeader();
        if (!leader) return undefined;
        const mark = written.get(leader) ?? (await leader.value('SELECT pg_current_wal_lsn()'));
        written.set(leader, mark);
        const rows = await leader.query<{ name: string }>(
          'SELECT application_name AS name FROM pg_stat_replication WHERE flush_lsn >= $1::pg_lsn',
          [mark],
        );
        const missing = this.others(leader.name).filter((node) => !rows.some((row) => row.name === node.name));
        seen = `leader ${leader.name}, ${mark} not received: ${missing.map((node) => node.name).join(', ')}`;
        return missing.length === 0 ? leader : undefined;
      },
      { everyMs: 150, seen: () => seen },
    );
  }

  private async statuses(): Promise<Map<PatroniNode, PatroniStatus | undefined>> {
    return new Map(await Promise.all(this.nodes.map(async (node) => [node, await node.patroni()] as const)));
  }
}

function leaderAmong(statuses: ReadonlyMap<PatroniNode, PatroniStatus | undefined>): PatroniNode | undefined {
  for (const [node, status] of statuses) if (status?.role === 'primary' && status.state === 'running') return node;
  return undefined;
}

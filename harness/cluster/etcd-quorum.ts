import { ConstantBackoff, noop } from 'cockatiel';
import { Etcd3 } from 'etcd3';
import type { Container } from '../engine/container';
import { deadlineMs } from '../run/deadlines';
import { limited, throwIfInterrupted, until, type WaitContext } from '../run/until';
import type { ClusterDescription } from './description';
import { watchKey, type KeyState, type KeyWatchListener } from './key-watch';

/** The DCS of a cluster: its etcd members, and Patroni's keys in them. */
export class EtcdQuorum {
  /** The member that answered last, by its place. */
  private answering = 0;

  constructor(
    private readonly context: WaitContext,
    private readonly description: ClusterDescription,
    /** The etcd containers by name. */
    readonly members: ReadonlyMap<string, Container>,
  ) {}

  /** `/<namespace>/<scope>/`, under which Patroni keeps everything of this cluster. */
  get prefix(): string {
    return `${this.description.namespace}${this.description.scope}/`;
  }

  /** Waits until every etcd member answers `/health` with true; Patroni that starts earlier waits 5 s before it asks again. */
  async awaitHealthy(): Promise<void> {
    for (const [name, container] of this.members) {
      let seen = 'no answer';
      await until(
        'etcd healthy',
        this.context,
        async (signal) => {
          const port = await container.hostPort(2379);
          seen = await (await fetch(`http://127.0.0.1:${port}/health`, { signal })).text();
          return seen.includes('"health":"true"');
        },
        { everyMs: 50, seen: () => `${name}: ${seen}` },
      );
    }
  }

  /** Every key under the scope, without the prefix: `leader`, `initialize`, `members/db1` … */
  async keys(): Promise<Record<string, string>> {
    return this.use(async (client) => {
      const all = await client.getAll().prefix(this.prefix).strings();
      return Object.fromEntries(Object.entries(all).map(([key, value]) => [key.slice(this.prefix.length), value]));
    });
  }

  /**
   * Every key of the namespace that names a leader, whole: Patroni keeps `<namespace><scope>/leader`, and etcd of a drill
   * serves one cluster.
   */
  async leaderKeys(): Promise<string[]> {
    return this.use(async (client) => {
      const names = await client.getAll().prefix(this.description.namespace).keys();
      return names.filter((name) => name.endsWith('/leader')).sort();
    });
  }

  /**
   * Watches one key under the scope through one of the etcd members, until that can no longer be trusted.
   * @param member an etcd member; its port is asked anew, for a container that was started again has another one
   * @param after the last state known, to go on from
   * @returns why it ended, the member's name first, and whether changes since `after` are lost for good
   * @throws PGDRILL_INTERRUPTED
   */
  async watch(
    name: string,
    member: string,
    listener: KeyWatchListener,
    after?: KeyState,
    context: WaitContext = this.context,
  ): Promise<{ why: string; lost: boolean }> {
    const container = this.members.get(member);
    const bindings = await container?.inspect().then(
      ({ NetworkSettings }) => NetworkSettings.Ports['2379/tcp'],
      () => undefined,
    );
    const port = bindings?.[0]?.HostPort;
    if (port === undefined) return { why: `${member}: does not run`, lost: false };
    const client = this.client(Number(port));
    try {
      const { why, lost } = await watchKey(context, client, this.prefix + name, listener, after);
      return { why: `${member}: ${why}`, lost };
    } finally {
      client.close();
    }
  }

  /** Deletes keys under the scope, by their names without the prefix. */
  async delete(names: readonly string[]): Promise<void> {
    await this.use(async (client) => {
      for (const name of names) await client.delete().key(this.prefix + name);
    });
  }

  /** Writes one key under the scope. For accidents and cures; Patroni writes its own. */
  async put(name: string, value: string): Promise<void> {
    await this.use(async (client) => {
      await client.put(this.prefix + name).value(value);
    });
  }

  /**
   * Runs one operation with a client of its own, through one etcd member after the other until it is answered: one that
   * is stopped, frozen or cut off shall not keep a cure from the others. Every operation here may be done twice.
   * @throws what the last member answered
   */
  private async use<T>(operation: (client: Etcd3) => Promise<T>): Promise<T> {
    const members = [...this.members.values()];
    for (let tried = 1; ; tried += 1) {
      const container = members[this.answering % members.length]!;
      try {
        const port = await container.hostPort(2379);
        const client = this.client(port);
        try {
          return await limited('etcd key read', this.context, () => operation(client));
        } finally {
          client.close();
        }
      } catch (error) {
        if (tried >= members.length) throw error;
        throwIfInterrupted(this.context.signal);
        this.answering += 1;
      }
    }
  }

  /**
   * A client of one member. The default circuit breaker stays open for 5 s after an etcd restart and can end the process,
   * hence the fault handling.
   */
  private client(port: number): Etcd3 {
    return new Etcd3({
      hosts: `http://127.0.0.1:${port}`,
      dialTimeout: deadlineMs('session closed', this.context.deadlineScale),
      faultHandling: { host: () => noop, global: noop, watchBackoff: new ConstantBackoff(500).next() },
    });
  }
}

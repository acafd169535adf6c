import { ConstantBackoff, noop } from 'cockatiel';
import { Etcd3 } from 'etcd3';
import type { Container } from '../engine/container';
import { deadlineMs } from '../run/deadlines';
import { limited, throwIfInterrupted, until, type WaitContext } from '../run/until';
import type { ClusterDescription } from './description';
import { connectionOptions, publishedEndpoint, type EtcdAccess, type EtcdEndpoint } from './etcd-endpoint';
import { getHttp } from './http-get';
import { watchKey, type KeyState, type KeyWatchListener } from './key-watch';

/** The DCS of a cluster: its etcd members, and Patroni's keys in them. */
export class EtcdQuorum {
  /** The member that answered last, by its place. */
  private answering = 0;

  constructor(
    private readonly context: WaitContext,
    private readonly description: ClusterDescription,
    /** The etcd containers by name; of a foreign cluster those that were found. */
    readonly members: ReadonlyMap<string, Container>,
    private readonly endpoints: readonly EtcdEndpoint[] = [...members].map(([name, container]) =>
      publishedEndpoint(name, container),
    ),
  ) {}

  /** `/<namespace>/<scope>/`, under which Patroni keeps everything of this cluster. */
  get prefix(): string {
    return `${this.description.namespace}${this.description.scope}/`;
  }

  /**
   * Waits until etcd members answer `/health` with true; Patroni that starts earlier waits 5 s before it asks again.
   * @param members default all
   */
  async awaitHealthy(members?: readonly string[]): Promise<void> {
    const asked = this.endpoints.filter(({ name }) => members?.includes(name) ?? true);
    for (const { name, port, access } of asked) {
      let seen = 'no answer';
      await until(
        'etcd healthy',
        this.context,
        async (signal) => {
          // One that asks for certificates says so to etcd's own client only.
          if (access?.tls) return (await this.keys()) !== undefined;
          seen = (await getHttp({ port: await port(), path: '/health', tls: false }, { signal })).body;
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
   * serves one cluster. A foreign one may serve others, too: of that only the cluster's own.
   */
  async leaderKeys(): Promise<string[]> {
    return this.use(async (client) => {
      const prefix = this.description.origin === 'foreign' ? this.prefix : this.description.namespace;
      const names = await client.getAll().prefix(prefix).keys();
      return names.filter((name) => name.endsWith('/leader')).sort();
    });
  }

  /** Keys of leaders in the namespace that are other clusters': who stops this etcd stops those, too. */
  async otherLeaderKeys(): Promise<string[]> {
    return this.use(async (client) => {
      const names = await client.getAll().prefix(this.description.namespace).keys();
      return names.filter((name) => name.endsWith('/leader') && name !== `${this.prefix}leader`).sort();
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
    const endpoint = this.endpoints.find(({ name: known }) => known === member);
    const port = await endpoint?.currentPort();
    if (endpoint === undefined || port === undefined) return { why: `${member}: does not run`, lost: false };
    const client = this.client(port, endpoint.access);
    try {
      const { why, lost } = await watchKey(context, client, this.prefix + name, listener, after);
      return { why: `${member}: ${why}`, lost };
    } finally {
      client.close();
    }
  }

  /** The revision that etcd's store has come to: it counts every change, and only a store begun anew has a lower one. */
  async revision(): Promise<bigint> {
    return this.use(async (client) => {
      const { header } = await client.kv.range({ key: Buffer.from(this.prefix) });
      return BigInt(header.revision);
    });
  }

  /** The revision at which each key under the scope was made, without the prefix. */
  async madeAt(): Promise<Record<string, bigint>> {
    return this.use(async (client) => {
      const { kvs } = await client.getAll().prefix(this.prefix).exec();
      return Object.fromEntries(
        kvs.map(({ key, create_revision }) => [key.toString().slice(this.prefix.length), BigInt(create_revision)]),
      );
    });
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
   * is stopped, frozen or cut off shall not keep a cure from the others. One that another process has started again is
   * asked once more, at its new port. Every operation here may be done twice.
   * @throws what the last member answered
   */
  private async use<T>(operation: (client: Etcd3) => Promise<T>): Promise<T> {
    const { endpoints } = this;
    for (let tried = 1; ; tried += 1) {
      const endpoint = endpoints[this.answering % endpoints.length]!;
      try {
        return await this.through(endpoint, operation);
      } catch (error) {
        if (tried >= endpoints.length) throw error;
        throwIfInterrupted(this.context.signal);
        this.answering += 1;
      }
    }
  }

  private async through<T>(endpoint: EtcdEndpoint, operation: (client: Etcd3) => Promise<T>): Promise<T> {
    const ask = async (port: number) => {
      const client = this.client(port, endpoint.access);
      try {
        return await limited('etcd key read', this.context, () => operation(client));
      } finally {
        client.close();
      }
    };
    const port = await endpoint.port();
    try {
      return await ask(port);
    } catch (error) {
      throwIfInterrupted(this.context.signal);
      const now = await endpoint.currentPort().catch(() => undefined);
      if (now === undefined || now === port) throw error;
      return ask(now);
    }
  }

  /**
   * A client of one member. The default circuit breaker stays open for 5 s after an etcd restart and can end the process,
   * hence the fault handling.
   */
  private client(port: number, access?: EtcdAccess): Etcd3 {
    return new Etcd3({
      ...connectionOptions(port, access),
      dialTimeout: deadlineMs('session closed', this.context.deadlineScale),
      faultHandling: { host: () => noop, global: noop, watchBackoff: new ConstantBackoff(500).next() },
    });
  }
}

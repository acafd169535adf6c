import { ConstantBackoff, noop } from 'cockatiel';
import { Etcd3 } from 'etcd3';
import type { Container } from '../engine/container';
import { deadlineMs } from '../run/deadlines';
import { until, type WaitContext } from '../run/until';
import type { ClusterDescription } from './description';

/** The DCS of a cluster: its etcd members, and Patroni's keys in them. */
export class EtcdQuorum {
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
   * Runs one operation with a client of its own. The client's default circuit breaker stays open for 5 s after an etcd
   * restart and can end the process, hence the fault handling.
   */
  private async use<T>(operation: (client: Etcd3) => Promise<T>): Promise<T> {
    const ports = await Promise.all([...this.members.values()].map((container) => container.hostPort(2379)));
    const client = new Etcd3({
      hosts: ports.map((port) => `http://127.0.0.1:${port}`),
      dialTimeout: deadlineMs('session closed', this.context.deadlineScale),
      faultHandling: { host: () => noop, global: noop, watchBackoff: new ConstantBackoff(500).next() },
    });
    try {
      return await operation(client);
    } finally {
      client.close();
    }
  }
}

import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Cluster } from '../cluster/cluster';
import { resourceName } from '../cluster/description';
import { scramVerifier } from '../cluster/scram-verifier';
import { connectEngine } from '../engine/connect';
import { startSinglePostgres } from '../engine/single-postgres';
import type { Run } from '../run/run';
import { limited, until } from '../run/until';

const LOG = '/tmp/publisher.log';

/** A PostgreSQL beside the cluster that publishes tables to it by logical replication. */
export interface Publisher {
  query<R extends object = Record<string, string>>(sql: string): Promise<R[]>;
  /** For CREATE SUBSCRIPTION: holds the password. */
  readonly connection: string;
  /** When a subscriber began to consume a slot, in ms since 1970, by the publisher's own log. */
  consumedAt(slot: string): Promise<number[]>;
}

/** Starts one on the cluster's network, reachable there as `publisher`. It goes with the run. */
export async function startPublisher(run: Run, cluster: Cluster): Promise<Publisher> {
  const { description } = cluster;
  const engine = await connectEngine();
  const { Config } = await cluster.nodes[0]!.container.inspect();
  // The one that it starts with stands in the container's environment; it is another one before anybody else connects.
  let password: string = randomUUID();
  const container = await limited('containers started', run, () =>
    startSinglePostgres(engine, {
      run: description.run,
      name: resourceName(description.run, description.name, 'publisher'),
      image: Config.Image,
      password,
      settings: {
        wal_level: 'logical',
        // "received replication command: START_REPLICATION SLOT …", with its time.
        log_replication_commands: 'on',
        log_line_prefix: '%m ',
        log_timezone: 'UTC',
        logging_collector: 'on',
        log_directory: '/tmp',
        log_filename: 'publisher.log',
      },
    }),
  );
  run.teardown.add('publisher', 'undo', () => container.remove());
  await container.connect(description.network, ['publisher']);
  const query = async <R extends object>(sql: string): Promise<R[]> => {
    const client = new Client({
      host: '127.0.0.1',
      port: await container.hostPort(5432),
      user: 'postgres',
      password,
      database: 'postgres',
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(sql)).rows as R[];
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  await until('member answers', run, async () => (await query('SELECT 1')).length === 1);
  const kept = run.secrets.make('password of the publisher');
  await query(`ALTER ROLE postgres PASSWORD '${scramVerifier(kept)}'`);
  password = kept;
  return {
    query,
    connection: `host=publisher user=postgres dbname=postgres password=${password}`,
    async consumedAt(slot) {
      return startsOf(await container.readFile(LOG), slot);
    },
  };
}

/** `2026-11-21 12:34:13.721 UTC LOG:  received replication command: START_REPLICATION SLOT "inbox" LOGICAL 0/0 …` */
export function startsOf(log: string, slot: string): number[] {
  return log.split('\n').flatMap((line) => {
    const match = /^(\d{4}-\d\d-\d\d) ([\d:.]+) UTC .*START_REPLICATION SLOT "([^"]+)"/.exec(line);
    return match?.[3] === slot ? [Date.parse(`${match[1]}T${match[2]}Z`)] : [];
  });
}

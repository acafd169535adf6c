import type { Client } from 'pg';

/** Opens a connection to the one database that is read. */
export type Connect = () => Promise<Client>;

/**
 * Settings that decide how a value's text looks or whether it is seen at all: pinned, so that two members' digests can be
 * compared. Row-level security must not hide rows (`row_security = off` makes it an error instead). JIT costs more than it
 * saves here: every parallel worker compiles for itself (bench/README.md). A lock is waited for shortly, for a prepared transaction in doubt
 * may hold it for good.
 */
const PINNED = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex';
  SET extra_float_digits = 1; SET xmloption = 'content'; SET search_path = pg_catalog; SET row_security = off;
  SET quote_all_identifiers = off; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
  SET lock_timeout = '10s'; SET jit = off; SET max_parallel_workers_per_gather = 2`;

const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/**
 * Reads one database over several connections that share one snapshot: exported by the first, taken over by the others
 * (PostgreSQL documentation, 9.27.5 "Snapshot Synchronization Functions"; it works on a standby too). All of them are
 * ended before this returns.
 * @param lanes how many connections
 */
export async function inOneSnapshot<T>(
  connect: Connect,
  lanes: number,
  read: (clients: Client[]) => Promise<T>,
): Promise<T> {
  const clients: Client[] = [];
  const open = async (): Promise<Client> => {
    const client = await connect();
    clients.push(client);
    await client.query(PINNED);
    await client.query(BEGIN);
    return client;
  };
  try {
    const first = await open();
    if (lanes > 1) {
      const { rows } = await first.query<{ id: string }>('SELECT pg_export_snapshot() AS id');
      const id = rows[0]?.id ?? '';
      await Promise.all(
        Array.from({ length: lanes - 1 }, async () => {
          const client = await open();
          await client.query(`SET TRANSACTION SNAPSHOT '${id}'`);
        }),
      );
    }
    return await read(clients);
  } finally {
    // Also ends what other lanes still read, once one of them has failed.
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  }
}

/** Does pieces of work, each on the connection that is free next, in their order. */
export async function overLanes(
  clients: readonly Client[],
  work: readonly ((client: Client) => Promise<void>)[],
): Promise<void> {
  const left = [...work];
  await Promise.all(
    clients.map(async (client) => {
      for (let next = left.shift(); next; next = left.shift()) await next(client);
    }),
  );
}

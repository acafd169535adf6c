import type { Cluster } from '../cluster/cluster';
import type { Run } from '../run/run';
import { until } from '../run/until';

/** The table that the ledger's writers write to, in its database. */
const ledger = { database: 'ledger', table: 'ledger.entry' } as const;

/** Writers that wait at a lock. Whatever ends the leader ends the lock too. */
export interface HeldWriters {
  /** Lets them go on, where the leader that they wait on is still there. */
  release(): Promise<void>;
}

/**
 * Makes the ledger's writers wait: from here on nothing of theirs is committed, as at night. By a table lock in a
 * transaction that is left open and writes nothing (PostgreSQL documentation, 13.3.1, EXCLUSIVE; it is not written to the
 * WAL). Autovacuum is switched off with it, for it commits too: until the server reads its files again, or ends, for nothing is left in
 * them.
 */
export async function holdWriters(run: Run, cluster: Cluster): Promise<HeldWriters> {
  const leader = await cluster.leader();
  await leader.query('ALTER SYSTEM SET autovacuum = off');
  await leader.query('SELECT pg_reload_conf()');
  await until('query answered', run, async () => (await leader.value('SHOW autovacuum')) === 'off');
  await leader.query('ALTER SYSTEM RESET autovacuum');
  const client = await leader.connect(ledger.database);
  const release = async () => {
    await client.end().catch(() => undefined);
  };
  run.teardown.add('lock on the ledger', 'undo', release);
  await client.query('BEGIN');
  await client.query(`LOCK TABLE ${ledger.table} IN EXCLUSIVE MODE`);
  return {
    async release() {
      await release();
      await leader.query('SELECT pg_reload_conf()').catch(() => undefined);
    },
  };
}

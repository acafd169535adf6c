import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import type { Baseline, Content } from '../../record/fingerprint';
import { limited, type WaitContext } from '../../run/until';
import { ledgerDatabase } from '../ledger/ledger';
import { collectContent } from './content';

/** Every database that takes connections. */
export async function listDatabases(node: PatroniNode): Promise<string[]> {
  const rows = await node.query<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1',
  );
  return rows.map((row) => row.datname);
}

/**
 * The content before the accident, from the leader: dataset tables are written by the accident only, so what is there
 * now is what has to be there at the target. The ledger's own database is judged by row, not here.
 *
 * Makes amcheck in every database first: an extension made after the target would not come back.
 */
export async function takeBaseline(context: WaitContext, cluster: Cluster): Promise<Baseline> {
  const leader = await cluster.leader();
  const databases = await listDatabases(leader);
  await Promise.all(databases.map((database) => leader.query('CREATE EXTENSION IF NOT EXISTS amcheck', [], database)));
  return { databases: await collectContents(context, leader, databases), takenOn: leader.name };
}

/** The content of some databases of one member, without the ledger's. */
export async function collectContents(
  context: WaitContext,
  node: PatroniNode,
  databases: readonly string[],
): Promise<Record<string, Content>> {
  const contents: Record<string, Content> = {};
  for (const database of databases.filter((name) => name !== ledgerDatabase)) {
    contents[database] = await limited('evidence gathered', context, async () => {
      const client = await node.connect(database);
      try {
        return await collectContent(client);
      } finally {
        await client.end().catch(() => undefined);
      }
    });
  }
  return contents;
}

import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { markTable, type Incident } from '../../record/incident';

/**
 * Which rows of the accident's marks each member holds. Members are asked as they are: the rows are older than every
 * copy of the recovered node, so that no replay is waited for.
 * @returns a member that does not answer is left out
 */
export async function observeMarks(cluster: Cluster, incident: Incident): Promise<Record<string, string[]>> {
  const rows = (incident.marks ?? []).map((mark) => mark.row);
  const found = await Promise.all(
    cluster.nodes.map(async (node) => [node.name, await marksOn(node, rows).catch(() => undefined)] as const),
  );
  return Object.fromEntries(found.flatMap(([name, held]) => (held ? [[name, held] as const] : [])));
}

/** A target before the first mark leaves out the table too: none of the rows is there. */
async function marksOn(node: PatroniNode, rows: readonly string[]): Promise<string[]> {
  const { database, table } = markTable;
  return node.use(async (client) => {
    const there = await client.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [table]);
    if (there.rows[0]?.found !== true) return [];
    const held = await client.query<{ id: string }>(`SELECT id FROM ${table} WHERE id = ANY($1) ORDER BY 1`, [rows]);
    return held.rows.map((row) => row.id);
  }, database);
}

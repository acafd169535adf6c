import { DatabaseError, escapeIdentifier } from 'pg';
import type { PatroniNode } from '../cluster/patroni-node';
import { PgdrillError } from '../record/errors';
import type { Baseline } from '../record/fingerprint';

/**
 * The look at an isolated node before it becomes leader: every table of the baseline has the rows it had. Counts only;
 * the content is compared afterwards, on every member. What PostgreSQL refuses to read is not there: a database that is
 * marked invalid, a table that was dropped.
 * @throws PGDRILL_CHECK_THERE_FAILED, so that the recovery stops while nothing else has changed
 */
export async function checkAgainstBaseline(node: PatroniNode, baseline: Baseline): Promise<string[]> {
  const said: string[] = [];
  const wrong: string[] = [];
  for (const [database, content] of Object.entries(baseline.databases)) {
    const tables = Object.entries(content.tables);
    if (tables.length === 0) continue;
    const found = await countAll(node, database, Object.keys(content.tables)).catch((error: unknown) => {
      if (!(error instanceof DatabaseError)) throw error;
      return error.message;
    });
    if (typeof found === 'string') {
      wrong.push(`${database} cannot be read: ${found}`);
      continue;
    }
    for (const [name, fingerprint] of tables) {
      if (found[name] !== fingerprint.rows)
        wrong.push(`${database}.${name} has ${found[name]} rows, had ${fingerprint.rows}`);
    }
    said.push(`${database}: ${tables.length} tables have the rows they had`);
  }
  if (wrong.length > 0) {
    throw new PgdrillError(
      'PGDRILL_CHECK_THERE_FAILED',
      `the recovered node does not hold what was there before the accident: ${wrong.slice(0, 5).join('; ')}`,
      'the cluster is fenced and unchanged; choose another target and recover again',
    );
  }
  return said;
}

/** Rows of each table, on one connection. @throws DatabaseError with what PostgreSQL refuses */
async function countAll(node: PatroniNode, database: string, tables: string[]): Promise<Record<string, string>> {
  return node.use(async (client) => {
    const counts: Record<string, string> = {};
    for (const name of tables) {
      const sql = name.split('.').map(escapeIdentifier).join('.');
      counts[name] = (await client.query<{ n: string }>(`SELECT count(*) AS n FROM ONLY ${sql}`)).rows[0]!.n;
    }
    return counts;
  }, database);
}

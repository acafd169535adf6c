import type { QueryArrayConfig } from 'pg';
import type { PatroniNode } from '../../cluster/patroni-node';
import type { ExpectedAnswer, GivenAnswer } from '../../record/expected-answer';
import { throwIfInterrupted, type WaitContext } from '../../run/until';
import { errorLine, faultOf } from './reading-error';

/** How often a query is asked again that something was in the way of: a recovery conflict, a restart. */
const ATTEMPTS = 4;

/** What a member answers to each query, one after the other. */
export async function askAll(
  context: WaitContext,
  node: PatroniNode,
  expected: readonly ExpectedAnswer[],
): Promise<GivenAnswer[]> {
  const answers: GivenAnswer[] = [];
  for (const asked of expected) answers.push(await ask(context, node, asked));
  return answers;
}

/**
 * One query, read-only, in a transaction that is rolled back. What the server refuses is an answer, and said in its words.
 */
async function ask(context: WaitContext, node: PatroniNode, { database, sql }: ExpectedAnswer): Promise<GivenAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await node.use(async (client) => {
        await client.query('BEGIN READ ONLY');
        const { rows, fields } = await client.query<unknown[]>(question(sql));
        if (rows.length !== 1 || fields.length !== 1)
          return { why: `${rows.length} rows of ${fields.length} columns, not one value` };
        const [value] = rows[0] as [string | null];
        return { found: value ?? 'NULL' };
      }, database);
    } catch (error) {
      throwIfInterrupted(context.signal);
      if (attempt === ATTEMPTS || faultOf(error) !== 'in the way') return { why: errorLine(error) };
    }
  }
}

/** A query as the server has to take it. */
function question(sql: string): QueryArrayConfig & { queryMode: 'extended' } {
  return {
    text: sql,
    rowMode: 'array',
    // As text, whatever the type: `t`, `3276`, `2026-11-21 …`.
    types: { getTypeParser: () => (value: string) => value },
    // One statement by itself: none behind it that ends the read-only transaction first.
    queryMode: 'extended',
  };
}

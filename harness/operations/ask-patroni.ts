import type { PatroniNode } from '../cluster/patroni-node';
import { PgdrillError } from '../record/errors';
import type { WaitContext } from '../run/until';

/**
 * Asks one member's Patroni for something, by its REST API.
 * @returns Patroni's answer
 * @throws PGDRILL_PATRONI_REFUSED with Patroni's own words
 */
export async function askPatroni(
  run: WaitContext,
  node: PatroniNode,
  method: string,
  path: string,
  body: object,
): Promise<string> {
  const port = await node.restPort();
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: run.signal,
  });
  const answer = (await response.text()).trim();
  if (response.ok) return answer;
  throw new PgdrillError(
    'PGDRILL_PATRONI_REFUSED',
    `Patroni of ${node.name} answered ${response.status} to ${method} ${path}: ${answer}`,
    'look at the log of the member, kept with the run',
  );
}

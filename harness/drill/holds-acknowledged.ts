import type { PatroniNode } from '../cluster/patroni-node';
import { NumberSet } from '../formats/number-set';
import { sizeOf, subtract, firstNumbers } from '../formats/intervals';
import { isAcknowledged } from '../observe/ledger/entry';
import { ledgerDatabase, type Ledger } from '../observe/ledger/ledger';
import { PgdrillError } from '../record/errors';

/**
 * Whether a member holds every row of every transaction that was acknowledged so far, but for those that a member took on
 * a timeline later than one: the recovered leader's, which a rollback has thrown away.
 * @throws PGDRILL_WRITES_LOST with how many are missing and the first of them
 */
export async function holdsAcknowledged(
  ledger: Ledger,
  node: PatroniNode,
  givenUp: { member: string | undefined; after: number },
): Promise<string> {
  const wanted = new NumberSet();
  for await (const entry of ledger.entries()) {
    const thrownAway = entry.member === givenUp.member && (entry.timeline ?? 0) > givenUp.after;
    if (isAcknowledged(entry) && !thrownAway) wanted.add(entry.seq);
  }
  const rows = await node.query<{ seq: string }>(
    'SELECT seq FROM ledger.entry GROUP BY seq HAVING count(*) = max(parts)',
    [],
    ledgerDatabase,
  );
  const held = new NumberSet();
  for (const { seq } of rows) held.add(Number(seq));
  const missing = subtract(wanted.toIntervals(), held.toIntervals());
  const all = sizeOf(wanted.toIntervals());
  if (sizeOf(missing) === 0) return `${node.name} has all ${all} acknowledged transactions of the ledger`;
  throw new PgdrillError(
    'PGDRILL_WRITES_LOST',
    `${node.name} lacks ${sizeOf(missing)} of ${all} acknowledged transactions after the rollback: ${firstNumbers(missing, 5).join(', ')}`,
    'look at what the rollback did to the old leader, in the events of the run',
  );
}

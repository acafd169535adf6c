import type { PatroniNode } from '../../cluster/patroni-node';
import { ledgerDatabase } from './table';

/** What one member holds of the ledger, as sets of transaction numbers (see formats/intervals). */
export interface LedgerReadBack {
  /** Transactions that are there with all their rows. */
  whole: string;
  /** Transactions of which only some rows are there. */
  halves: string;
}

/**
 * Gaps and islands in the server, so that a million transactions come as a few intervals; one statement, so that whole
 * and half are told at one moment. Ordered by the primary key, so a member sorts nothing and needs little memory.
 */
const READ_BACK = `
  WITH transaction AS (
    SELECT seq, count(*) = max(parts) AND min(parts) = max(parts) AND min(part) = 1 AND max(part) = max(parts) AS whole
    FROM ledger.entry GROUP BY seq),
  numbered AS (
    SELECT seq, whole, seq - row_number() OVER (PARTITION BY whole ORDER BY seq) AS island FROM transaction)
  SELECT whole, min(seq)::text AS low, max(seq)::text AS high
  FROM numbered GROUP BY whole, island ORDER BY whole, min(numbered.seq)`;

/**
 * Reads a member's rows of the ledger back. Matched by number, never by xid: discarded xids are handed out again.
 * @throws what the query throws: the member is down, the table is damaged, a recovery conflict
 */
export async function readLedger(node: Pick<PatroniNode, 'query'>): Promise<LedgerReadBack> {
  const rows = await node.query<{ whole: boolean; low: string; high: string }>(READ_BACK, [], ledgerDatabase);
  const text = (whole: boolean): string =>
    rows
      .filter((row) => row.whole === whole)
      .map(({ low, high }) => (low === high ? low : `${low}-${high}`))
      .join(',');
  return { whole: text(true), halves: text(false) };
}

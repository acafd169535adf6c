/**
 * What the client knows of one transaction it sent: a line of `ledger.jsonl`. Times are text with zone and microseconds,
 * by the client's clock.
 */
export interface LedgerEntry {
  /** The transaction's number in the ledger. */
  seq: number;
  /** Rows that it writes. */
  parts: number;
  writer: number;
  /** When the statement was sent that commits it; where it came to none, when the first was. */
  sentAt: string;
  /** Through which member it went; its timeline and xid as the server returned them with the first row. */
  member: string;
  xid?: string;
  timeline?: number;
  acknowledgedAt?: string;
  /**
   * `acknowledged`; `failed`: the server said no, or was never told to commit; `indeterminate`: told to commit, no clean
   * answer.
   */
  state: 'acknowledged' | 'failed' | 'indeterminate';
}

/** An entry that was acknowledged, with all that comes with it. */
export type AcknowledgedEntry = LedgerEntry & { state: 'acknowledged'; acknowledgedAt: string };

/** Whether the writer was told that the transaction is committed. */
export function isAcknowledged(entry: LedgerEntry): entry is AcknowledgedEntry {
  return entry.state === 'acknowledged' && entry.acknowledgedAt !== undefined;
}

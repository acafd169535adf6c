/** What the client knows of one row it sent. Times are text with zone and microseconds, by the client's clock. */
export interface LedgerEntry {
  seq: number;
  writer: number;
  sentAt: string;
  /** Through which member it went; its timeline and xid as the server returned them with the row. */
  member: string;
  xid?: string;
  timeline?: number;
  acknowledgedAt?: string;
  /** `acknowledged`; `failed`: the server said no; `indeterminate`: sent, no clean answer. */
  state: 'acknowledged' | 'failed' | 'indeterminate';
}

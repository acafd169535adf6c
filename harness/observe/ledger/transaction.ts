import type { Client } from 'pg';
import { nowText } from '../../run/recorder';
import type { LedgerEntry } from './entry';

/** A writer's connection, and whether the server has warned on it since the transaction began. */
export interface LedgerSession {
  readonly client: Client;
  readonly member: string;
  warned: boolean;
}

/** The xid and the timeline come back with the row, so that its commit can be found in the WAL. */
const INSERT = {
  name: 'ledger entry',
  text: `INSERT INTO ledger.entry (seq, part, parts, writer) VALUES ($1, $2, $3, $4)
    RETURNING pg_current_xact_id()::text AS xid, substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) AS timeline`,
};

/** Takes up a connection for writing. */
export function openSession(client: Client, member: string): LedgerSession {
  const session = { client, member, warned: false };
  // A COMMIT with a WARNING (a cancelled wait for a synchronous standby; no transaction in progress) is no clean answer.
  client.on('notice', ({ severity }) => {
    if (severity !== 'NOTICE' && severity !== 'INFO' && severity !== 'LOG') session.warned = true;
  });
  return session;
}

/**
 * Sends one transaction and fills in what came of it. One row goes by itself: the promise resolves at ReadyForQuery, which
 * the server sends after the commit (PostgreSQL documentation, 55.2.3 "Extended Query"). Several rows go as BEGIN, a
 * statement for each, COMMIT; the acknowledgement is the answer to COMMIT, and a COMMIT that is answered by ROLLBACK has
 * aborted the transaction (documentation, "COMMIT", outputs).
 * @param entry filled in place; `indeterminate` until more is known
 * @returns whether the session can be used again
 */
export async function sendTransaction(session: LedgerSession, entry: LedgerEntry): Promise<boolean> {
  const { client } = session;
  let committing = entry.parts === 1;
  session.warned = false;
  const insert = async (part: number): Promise<void> => {
    const { rows } = await client.query<{ xid: string; timeline: string }>({
      ...INSERT,
      values: [entry.seq, part, entry.parts, entry.writer],
    });
    entry.xid = rows[0]!.xid;
    entry.timeline = Number.parseInt(rows[0]!.timeline, 16);
  };
  try {
    if (entry.parts > 1) await client.query('BEGIN');
    for (let part = 1; part <= entry.parts; part += 1) await insert(part);
    if (entry.parts > 1) {
      committing = true;
      entry.sentAt = nowText();
      if ((await client.query('COMMIT')).command !== 'COMMIT') {
        entry.state = 'failed';
        return false;
      }
    }
    if (!session.warned) {
      entry.acknowledgedAt = nowText();
      entry.state = 'acknowledged';
    }
    return true;
  } catch (error) {
    // A clean refusal is severity ERROR: the transaction is aborted. FATAL, PANIC or a lost connection tell nothing, unless
    // the server was never told to commit.
    if (!committing || (error as { severity?: string }).severity === 'ERROR') entry.state = 'failed';
    return false;
  }
}

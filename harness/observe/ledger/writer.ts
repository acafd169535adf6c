import type { Client } from 'pg';
import type { PatroniNode } from '../../cluster/patroni-node';
import type { Random } from '../../run/random';
import { nowText } from '../../run/recorder';
import { limited, pause, type WaitContext } from '../../run/until';
import type { LedgerEntry } from './entry';
import type { LeaderFinder } from './leader-finder';

export interface WriterOptions {
  number: number;
  nextSeq: () => number;
  report: (entry: LedgerEntry) => void;
  /** Mean pause between two commits, ms. */
  everyMs: number;
  random: Random;
  connect: (leader: PatroniNode) => Promise<Client>;
}

/**
 * One row, one transaction. The xid and the timeline come back with the row; the promise resolves at ReadyForQuery,
 * which the server sends after the commit (PostgreSQL documentation, 55.2.3 "Extended Query").
 */
const INSERT = `INSERT INTO ledger.entry (seq, writer) VALUES ($1, $2)
  RETURNING pg_current_xact_id()::text AS xid, substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) AS timeline`;

/** Commits rows through the leader until it is told to stop, across failovers, and reports what it was told for each. */
export async function runWriter(context: WaitContext, finder: LeaderFinder, options: WriterOptions): Promise<void> {
  let session: { client: Client; member: string; noticed: boolean } | undefined;
  const close = async () => {
    const old = session;
    session = undefined;
    await old?.client.end().catch(() => undefined);
  };
  while (!context.signal.aborted) {
    if (!session) {
      const leader = await finder.find().catch(() => undefined);
      const client = leader && (await options.connect(leader).catch(() => undefined));
      if (!leader || !client) {
        await pause(50, context.signal);
        continue;
      }
      const opened = { client, member: leader.name, noticed: false };
      // A COMMIT with a WARNING (a cancelled wait for a synchronous standby) is no clean answer.
      client.on('notice', () => (opened.noticed = true));
      session = opened;
    }
    const entry: LedgerEntry = {
      seq: options.nextSeq(),
      writer: options.number,
      sentAt: nowText(),
      member: session.member,
      state: 'indeterminate',
    };
    try {
      const { client } = session;
      session.noticed = false;
      const { rows } = await limited('query answered', context, () =>
        client.query<{ xid: string; timeline: string }>(INSERT, [entry.seq, entry.writer]),
      );
      entry.xid = rows[0]!.xid;
      entry.timeline = Number.parseInt(rows[0]!.timeline, 16);
      if (!session.noticed) {
        entry.acknowledgedAt = nowText();
        entry.state = 'acknowledged';
      }
    } catch (error) {
      // A clean refusal is severity ERROR: the transaction is aborted. FATAL, PANIC or a lost connection tell nothing.
      if ((error as { severity?: string }).severity === 'ERROR') entry.state = 'failed';
      else await close();
    }
    options.report(entry);
    if (entry.state === 'failed') await close();
    await pause(options.everyMs * (0.5 + options.random.next()), context.signal);
  }
  await close();
}

import type { Client } from 'pg';
import type { PatroniNode } from '../../cluster/patroni-node';
import type { Random } from '../../run/random';
import { nowText } from '../../run/recorder';
import { limited, pause, type WaitContext } from '../../run/until';
import type { LedgerEntry } from './entry';
import type { LeaderFinder } from './leader-finder';
import type { LoadMeter } from './load';
import type { Pace } from './pace';
import { openSession, sendTransaction, type LedgerSession } from './transaction';

export interface WriterOptions {
  number: number;
  nextSeq: () => number;
  report: (entry: LedgerEntry) => void;
  pace: Pace;
  load: LoadMeter;
  random: Random;
  connect: (leader: PatroniNode) => Promise<Client>;
}

/** About one transaction in eight writes several rows, so that half a transaction can come back. */
const ONE_IN = 8;

/** ms until a writer that has no session, or lost it, tries again. */
const RETRY_MS = 50;

/**
 * Commits transactions through the leader, each when its turn has come, until it is told to stop; across failovers; and
 * reports what it was told for each. What was sent is waited for also when it is told to stop.
 * @param context of the run: ends the waiting for an answer
 * @param stopping ends the writing
 */
export async function runWriter(
  context: WaitContext,
  stopping: AbortSignal,
  finder: LeaderFinder,
  options: WriterOptions,
): Promise<void> {
  const { load, pace } = options;
  let session: LedgerSession | undefined;
  const close = async () => {
    const old = session;
    session = undefined;
    if (!old) return;
    load.closed(old.member);
    await limited('session closed', context, () => old.client.end()).catch(() => undefined);
  };
  while (!stopping.aborted) {
    if (!session) {
      const leader = await finder.find().catch(() => undefined);
      const client = leader && (await options.connect(leader).catch(() => undefined));
      if (!leader || !client) {
        await pause(RETRY_MS, stopping);
        continue;
      }
      session = openSession(client, leader.name);
      load.opened(leader.name);
    }
    const now = performance.now();
    const due = pace.turn(now);
    // A timer takes a millisecond at least; what is due sooner goes now.
    if (due - now >= 1) await pause(due - now, stopping);
    if (stopping.aborted) break;
    const entry: LedgerEntry = {
      seq: options.nextSeq(),
      parts: options.random.integer(1, ONE_IN) === 1 ? options.random.integer(2, 4) : 1,
      writer: options.number,
      sentAt: nowText(),
      member: session.member,
      state: 'indeterminate',
    };
    const current: LedgerSession = session;
    const usable = await limited('query answered', context, () => sendTransaction(current, entry)).catch(() => false);
    // A copy: an answer that comes after the deadline changes nothing any more.
    options.report({ ...entry });
    if (usable) continue;
    await close();
    await pause(RETRY_MS, stopping);
  }
  await close();
}

import { realpathSync } from 'node:fs';
import { messageOf, PgdrillError } from '../record/errors';
import type { SessionRecord } from '../record/session';
import { drillsInJest } from './in-jest';
import { OpenSession, type ChosenFile, type SessionSettings } from './open-session';

export interface SessionOptions extends SessionSettings {
  /** What `selectDrills` gave; run in this order. */
  drills: readonly ChosenFile[];
  /** Aborts at the first interrupt: the drills end in order and their verdicts are awaited. Its reason says why. */
  signal?: AbortSignal;
  /** Aborts at the second interrupt: the drills' processes are killed; their watchdogs delete what they leave. */
  killSignal?: AbortSignal;
  /** Jest reporters, absolute paths. Default: none; the views of the command line show what happens. */
  reporters?: string[];
}

/** The record of a session, and where its reports lie. */
export type EndedSession = SessionRecord & { dir: string };

/**
 * Runs drills: one process each, under Jest, which schedules them. Ends with `reports/out/<session>/` holding
 * session.json, junit.xml, summary.md and a folder for each run, also after an interrupt.
 * @returns the record, with the exit code of architecture.md's table of outcomes
 * @throws PGDRILL_REPORT_DIR, PGDRILL_JOBS, PGDRILL_SESSION_OPEN; what a drill does is in the record
 */
export async function runSession(options: SessionOptions): Promise<EndedSession> {
  const drills = options.drills.map((drill) => ({ ...drill, file: realpathSync(drill.file) }));
  const session = OpenSession.open({ ...options, drills });
  const first = (): void => session.interrupt(reasonOf(options.signal));
  const second = (): void => session.kill();
  options.signal?.addEventListener('abort', first, { once: true });
  options.killSignal?.addEventListener('abort', second, { once: true });
  try {
    if (options.signal?.aborted) first();
    await drillsInJest([...new Set(drills.map((drill) => drill.file))], session.dir, options.reporters);
  } finally {
    options.signal?.removeEventListener('abort', first);
    options.killSignal?.removeEventListener('abort', second);
    session.kill();
  }
  return { ...session.close(), dir: session.dir };
}

/** Who interrupts, in words: the run says itself that it was interrupted. */
function reasonOf(signal: AbortSignal | undefined): string {
  const reason: unknown = signal?.reason;
  if (reason instanceof PgdrillError) return reason.what.replace(/^interrupted by /, '');
  return reason === undefined ? 'asked to stop' : messageOf(reason);
}

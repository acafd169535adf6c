import { messageOf, PgdrillError } from '../record/errors';
import { deadlineMs, type DeadlineName } from './deadlines';

/** What a wait needs to know of its run: how deadlines are scaled and when to give up. */
export interface WaitContext {
  readonly deadlineScale: number;
  readonly signal: AbortSignal;
}

export interface UntilOptions {
  /** ms between two looks; the first look is at once. Default 100. */
  everyMs?: number;
  /** What was seen at the last look, for the error when the deadline passes. */
  seen?: () => string;
  /** Replaces the table's cure sentence in the error. */
  cure?: string;
}

/**
 * Waits until a condition holds, looking again every `everyMs`. Together with `limited` this is the only place of the
 * project that waits by the clock.
 *
 * An exception of the condition counts as "not yet" and is named in the error when the deadline passes, except a
 * `PgdrillError`, which is a condition's way to say "never" and is thrown on at once.
 * @returns what the condition returned, once it is neither `undefined`, `null` nor `false`
 * @throws PGDRILL_DEADLINE, naming the deadline and what was seen last; PGDRILL_INTERRUPTED
 */
export async function until<T>(
  name: DeadlineName,
  context: WaitContext,
  condition: (signal: AbortSignal) => Promise<T | undefined | null | false> | T | undefined | null | false,
  options: UntilOptions = {},
): Promise<T> {
  const limit = deadlineMs(name, context.deadlineScale);
  const started = performance.now();
  let lastError: unknown;
  for (;;) {
    throwIfInterrupted(context.signal);
    const left = limit - (performance.now() - started);
    if (left <= 0) throw deadlinePassed(name, limit, options, lastError);
    try {
      const value = await limitedTo(left, context.signal, async (signal) => condition(signal));
      if (value !== undefined && value !== null && value !== false) return value;
      lastError = undefined;
    } catch (error) {
      if (error instanceof PgdrillError) throw error;
      if (error !== timeUp) lastError = error;
    }
    await pause(options.everyMs ?? 100, context.signal);
  }
}

/**
 * Runs one operation under a named deadline. The operation gets a signal that aborts at the deadline; whether or not
 * it obeys, the caller goes on.
 * @throws PGDRILL_DEADLINE, PGDRILL_INTERRUPTED, or what the operation throws
 */
export async function limited<T>(
  name: DeadlineName,
  context: WaitContext,
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  throwIfInterrupted(context.signal);
  const limit = deadlineMs(name, context.deadlineScale);
  try {
    return await limitedTo(limit, context.signal, operation);
  } catch (error) {
    if (error === timeUp) throw deadlinePassed(name, limit, {}, undefined);
    throw error;
  }
}

/** Throws PGDRILL_INTERRUPTED once the run is being interrupted. */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  if (signal.reason instanceof PgdrillError) throw signal.reason;
  throw new PgdrillError('PGDRILL_INTERRUPTED', 'the run was interrupted', 'start it again', { cause: signal.reason });
}

/**
 * Lets a paced loop wait (the ledger's rate, a sampler's interval); ends early when the signal aborts. Not for waiting
 * on a condition: that is `until`.
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

const timeUp = Symbol('time is up');

async function limitedTo<T>(
  ms: number,
  outer: AbortSignal,
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  let give: (reason: unknown) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => (give = reject));
  const timer = setTimeout(() => (own.abort(timeUp), give(timeUp)), ms);
  const interrupted = () => {
    own.abort(outer.reason);
    try {
      throwIfInterrupted(outer);
    } catch (error) {
      give(error);
    }
  };
  outer.addEventListener('abort', interrupted, { once: true });
  try {
    return await Promise.race([operation(own.signal), stopped]);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', interrupted);
    stopped.catch(() => undefined);
  }
}

function deadlinePassed(name: DeadlineName, limit: number, options: UntilOptions, lastError: unknown): PgdrillError {
  const seen = options.seen?.() ?? (lastError === undefined ? undefined : messageOf(lastError));
  return new PgdrillError(
    'PGDRILL_DEADLINE',
    `"${name}" did not come about within ${(limit / 1000).toFixed(1)} s${seen ? `; last seen: ${seen}` : ''}`,
    options.cure ?? 'look at the logs kept with the run; on a slow machine raise --deadline-scale',
    { cause: lastError },
  );
}

import { PgdrillError } from '../record/errors';
import { exitCodes } from '../record/outcome';
import { sameInterruptMs } from '../suite/interrupts';
import type { Screen } from './screen';

/** How a command is told to stop. */
export interface Interruption {
  /** Aborts at the first interrupt: end in order. */
  readonly signal: AbortSignal;
  /** Aborts at the second: end now. */
  readonly killSignal: AbortSignal;
  /** Signals do again what they did before. Idempotent. */
  stop(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Takes over SIGINT, SIGTERM and SIGHUP, and watches for the reader of standard output to go away: a closed pipe or
 * terminal is an interrupt, and never more than the first one. npm hands on the terminal's SIGINT once more within 1 ms,
 * so a second interrupt counts only `sameInterruptMs` after the first. A third one leaves at once.
 * @param say tells people that the clean-up goes on
 */
export function takeInterrupts(screen: Screen, say: (text: string) => void): Interruption {
  const first = new AbortController();
  const second = new AbortController();
  let lastAt = 0;
  const interrupt = (why: string, gentle: boolean): void => {
    const now = performance.now();
    if (!first.signal.aborted) {
      lastAt = now;
      first.abort(new PgdrillError('PGDRILL_INTERRUPTED', `interrupted by ${why}`, 'start it again'));
      const text = `interrupted (${why}), cleaning up …`;
      if (gentle) screen.complain(`pgdrill: ${text}`);
      else say(`${text} Once more: stop at once.`);
      return;
    }
    if (gentle || now - lastAt < sameInterruptMs) return;
    lastAt = now;
    if (second.signal.aborted) process.exit(exitCodes.interrupted);
    say('interrupted again, stopping at once; what is left is deleted in the background');
    second.abort(new PgdrillError('PGDRILL_INTERRUPTED', `interrupted twice by ${why}`, 'start it again'));
  };
  const listeners = signals.map((name) => ({ name, listener: () => interrupt(name, false) }));
  for (const { name, listener } of listeners) process.on(name, listener);
  screen.onClosed(() => interrupt('closed output', true));
  return {
    signal: first.signal,
    killSignal: second.signal,
    stop: () => {
      for (const { name, listener } of listeners) process.off(name, listener);
    },
  };
}

import { messageOf, PgdrillError } from '../record/errors';
import { exitCodes } from '../record/outcome';
import type { Run } from '../run/run';
import { pause } from '../run/until';
import type { ParentLine } from './parent-line';

/** ms within which a second interrupt is the first one again: npm hands on the terminal's SIGINT once more within 1 ms. */
export const sameInterruptMs = 500;
/** ms that a run gets to end in order once its parent is gone; what is left then, the watchdog deletes. */
const alonedMs = 5_000;
/** ms that a run gets to end in order after an exception that nothing caught. */
const brokenMs = 60_000;

/**
 * Makes everything that ends a drill's process early end its run in order first: signals, the parent's word, the
 * parent's end, an exception that nothing caught. A second interrupt exits at once; the watchdog that the run has
 * started deletes what is left.
 */
export function endInOrder(run: Run, line: ParentLine, currentPhase: () => string): void {
  let firstAt: number | undefined;
  const interrupt = (why: string): void => {
    const now = performance.now();
    if (firstAt !== undefined && now - firstAt >= sameInterruptMs) process.exit(exitCodes.interrupted);
    firstAt ??= now;
    run.interrupt(why);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt(signal));
  line.onInterrupt(interrupt);
  line.onGone(() => {
    run.interrupt('the process that started it is gone');
    exitAfter(alonedMs, exitCodes.interrupted);
  });

  let broken = false;
  const uncaught = (error: unknown): void => {
    console.error(error);
    if (broken) return;
    broken = true;
    const what = messageOf(error);
    const cure = 'report it with the run’s folder; child.log there has the stack';
    run.recorder.record({
      kind: 'error',
      phase: currentPhase(),
      code: 'PGDRILL_UNEXPECTED',
      what,
      cure,
      interrupted: false,
    });
    run.abort(new PgdrillError('PGDRILL_UNEXPECTED', what, cure, { cause: error }));
    exitAfter(brokenMs, exitCodes.unverified);
  };
  process.on('uncaughtException', uncaught);
  process.on('unhandledRejection', uncaught);
}

function exitAfter(ms: number, code: number): void {
  void pause(ms, new AbortController().signal).then(() => process.exit(code));
}

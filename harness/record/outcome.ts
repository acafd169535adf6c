import { z } from 'zod';

/** How a run ended. What could not be verified is never reported as passed. */
export const outcomeSchema = z.enum(['passed', 'failed', 'not-run', 'unverified', 'skipped']);
export type Outcome = z.infer<typeof outcomeSchema>;

/** Exit codes that scripts can rely on; 64 is `EX_USAGE` of sysexits.h, 130 is 128 + SIGINT as shells have it. */
export const exitCodes = { passed: 0, failed: 1, 'not-run': 2, unverified: 3, usage: 64, interrupted: 130 } as const;

/**
 * The exit code of one run.
 * @param strict a skipped run counts as not run
 */
export function exitCodeOf(run: { outcome: Outcome; interrupted?: boolean | undefined }, strict = false): number {
  if (run.interrupted) return exitCodes.interrupted;
  if (run.outcome === 'skipped') return strict ? exitCodes['not-run'] : exitCodes.passed;
  return exitCodes[run.outcome];
}

/** The exit code of several runs: the first of 130, 1, 3, 2, 0 that occurs. */
export function exitCodeOfAll(codes: readonly number[]): number {
  return (
    [exitCodes.interrupted, exitCodes.failed, exitCodes.unverified, exitCodes['not-run']].find((code) =>
      codes.includes(code),
    ) ?? 0
  );
}

import { describeError, PgdrillError } from '../record/errors';
import { exitCodes } from '../record/outcome';
import type { Screen } from './screen';
import { isUsage } from './usage';

/** An error as people read it: what happened, and what to do about it. */
export function problemText(error: unknown): string {
  const { code, what, cure, cause } = describeError(error);
  const lines = [`pgdrill: ${code}: ${what}`];
  // Most causes say again what the sentence says already.
  if (cause && !what.includes(cause)) lines.push(`  because: ${cause}`);
  if (cure) lines.push(`  what to do: ${cure}`);
  if (!(error instanceof PgdrillError) && error instanceof Error && error.stack) lines.push(error.stack);
  return lines.join('\n');
}

/**
 * Tells an error that ended a command.
 * @returns the exit code: 64 for wrong usage, 130 when interrupted, else 2
 */
export function tellProblem(screen: Screen, error: unknown): number {
  screen.complain(problemText(error));
  if (isUsage(error)) return exitCodes.usage;
  const interrupted = error instanceof PgdrillError && error.code === 'PGDRILL_INTERRUPTED';
  return interrupted ? exitCodes.interrupted : exitCodes['not-run'];
}

import { messageOf, PgdrillError } from '../record/errors';

/** Node's codes for a connection that is not there, or is cut while in use. */
const connectionLost = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** Whether an error says that nothing listens at the engine's address any more, rather than that the engine refused. */
export function isConnectionLost(error: unknown): boolean {
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  // ENOENT of a file is no matter of the engine's.
  if (code === 'ENOENT') return syscall === 'connect';
  return (typeof code === 'string' && connectionLost.has(code)) || /socket hang up/.test(messageOf(error));
}

/** The HTTP status that the engine answered with; undefined when it is not an answer of the engine. */
export function statusOf(error: unknown): number | undefined {
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : undefined;
}

/**
 * Names what an operation on the engine ran into.
 * @param doing what was being done, as a clause: `the container db1 is started`
 * @returns the error itself when it has a code already; PGDRILL_ENGINE_DIED when the connection is lost;
 *   PGDRILL_ENGINE_REFUSED with the engine's own words otherwise
 */
export function engineFailure(error: unknown, doing: string): PgdrillError {
  if (error instanceof PgdrillError) return error;
  if (isConnectionLost(error)) return engineDied(`while ${doing}: ${messageOf(error)}`, error);
  return new PgdrillError(
    'PGDRILL_ENGINE_REFUSED',
    `the engine refused while ${doing}: ${messageOf(error).trim()}`,
    "read the engine's words above; `pgdrill doctor` shows the state of the machine",
    { cause: error },
  );
}

/** @param where a clause that says when it was noticed */
export function engineDied(where: string, cause?: unknown): PgdrillError {
  return new PgdrillError(
    'PGDRILL_ENGINE_DIED',
    `the Docker engine no longer answers, noticed ${where}`,
    'start the engine again and look at its log; then `pgdrill down --all` removes what the run left',
    { cause },
  );
}

/** An error of bin/machine, which has a code and a cure but cannot be a PgdrillError, as one. */
export function machineFailure(error: unknown): PgdrillError {
  if (error instanceof PgdrillError) return error;
  const { code, cure, details } = (error ?? {}) as { code?: unknown; cure?: unknown; details?: unknown };
  const what = [messageOf(error), details].filter((part) => typeof part === 'string' && part !== '').join('\n');
  if (typeof code !== 'string' || !code.startsWith('PGDRILL_')) {
    return new PgdrillError('PGDRILL_UNEXPECTED', what, "report this with the run's folder", { cause: error });
  }
  return new PgdrillError(code as `PGDRILL_${string}`, what, String(cure), { cause: error });
}

/** The last lines of a long output, for an error. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/**
 * Every error that a user of pgdrill can meet: a stable code, one sentence of what happened, one of what to do,
 * and the cause kept. Codes are listed in `docs/errors.md`; a script may match on them.
 */
export class PgdrillError extends Error {
  override readonly name = 'PgdrillError';

  /**
   * @param code stable, `PGDRILL_…`
   * @param what one sentence of what happened, without a full stop
   * @param cure one sentence of what to do about it
   */
  constructor(
    readonly code: `PGDRILL_${string}`,
    readonly what: string,
    readonly cure: string,
    options: { cause?: unknown } = {},
  ) {
    super(`${what} (${code})`, options);
  }
}

/** A value that describes any error, fit for an event: no stack, no object references. */
export interface ErrorRecord {
  code: string;
  what: string;
  cure?: string;
  cause?: string;
}

/**
 * Turns whatever was thrown into a record. Does not rely on `instanceof Error`: inside Jest's sandbox it is false for
 * errors that Node's core made (seen with fs and net errors).
 */
export function describeError(error: unknown): ErrorRecord {
  if (error instanceof PgdrillError) {
    const cause = error.cause === undefined ? undefined : messageOf(error.cause);
    return { code: error.code, what: error.what, cure: error.cure, ...(cause ? { cause } : {}) };
  }
  return { code: 'PGDRILL_UNEXPECTED', what: messageOf(error) };
}

/** The message of whatever was thrown, with those of an AggregateError's members. */
export function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) {
    const { message, errors } = error as { message: unknown; errors?: unknown };
    const parts = Array.isArray(errors) ? errors.map(messageOf) : [];
    return [String(message), ...parts].filter((part) => part !== '').join('; ');
  }
  return String(error);
}

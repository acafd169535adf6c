import { PgdrillError } from '../../record/errors';

/** Something that could not be found out about a foreign cluster. @param cure what to write into the description, or to change */
export function discoveryFailed(container: string, what: string, cure: string, cause?: unknown): PgdrillError {
  return new PgdrillError(
    'PGDRILL_DISCOVERY_FAILED',
    `${container}: ${what}`,
    cure,
    cause === undefined ? {} : { cause },
  );
}

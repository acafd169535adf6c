import { PgdrillError } from '../record/errors';
import { nearest } from '../suite/nearest';

/**
 * The one id that a person means: the id itself, a begin that only one has, or `latest`. Pure.
 * @param ids known ones; they sort by time
 * @param what what is looked for, with its article: `a run in reports/out`
 * @param none what to do when there is none at all
 * @throws PGDRILL_UNKNOWN_RUN naming what it could be
 */
export function oneNamed(name: string, ids: readonly string[], what: string, none: string): string {
  const sorted = [...ids].sort();
  const last = sorted.at(-1);
  if (name === 'latest' && last !== undefined) return last;
  if (ids.includes(name)) return name;
  const begun = name === '' ? [] : sorted.filter((id) => id.startsWith(name));
  const [only] = begun;
  if (only !== undefined && begun.length === 1) return only;
  if (begun.length > 1) {
    throw new PgdrillError(
      'PGDRILL_UNKNOWN_RUN',
      `"${name}" is the begin of several: ${begun.slice(0, 5).join(', ')}`,
      'give more of the id',
    );
  }
  const near = nearest(name, ids);
  const hint = near ? `; did you mean ${near}?` : '';
  throw new PgdrillError(
    'PGDRILL_UNKNOWN_RUN',
    ids.length === 0 ? `there is no ${what.replace(/^an? /, '')}` : `"${name}" is not ${what}${hint}`,
    ids.length === 0 ? none : `give one of ${sorted.slice(-5).join(', ')}, the begin of one, or latest`,
  );
}

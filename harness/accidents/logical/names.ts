import { escapeIdentifier } from 'pg';
import { PgdrillError } from '../../record/errors';

/**
 * A table as SQL names it, quoted.
 * @param accident whose option it is, for the message
 * @throws PGDRILL_DRILL_INVALID unless it is `schema.table`: without the schema, the search path would choose
 */
export function quotedTable(accident: string, table: string): string {
  const parts = typeof table === 'string' ? table.split('.') : [];
  if (parts.length !== 2 || parts.includes('')) throw invalid(accident, `"${table}" is no table`, 'give schema.table');
  return parts.map((part) => escapeIdentifier(part)).join('.');
}

/** One identifier, quoted. @throws PGDRILL_DRILL_INVALID when it is empty */
export function quotedName(accident: string, what: string, name: string): string {
  return escapeIdentifier(givenText(accident, what, name));
}

/** A text of the drill's, as it is. @throws PGDRILL_DRILL_INVALID when it is empty: drill files run without a type check */
export function givenText(accident: string, what: string, text: string): string {
  if (typeof text !== 'string' || text.trim() === '')
    throw invalid(accident, `its ${what} is empty`, `give the ${what}`);
  return text;
}

/** A mistake in an accident's options, found when the drill file is loaded. */
export function invalid(accident: string, what: string, cure: string): PgdrillError {
  return new PgdrillError('PGDRILL_DRILL_INVALID', `${accident}: ${what}`, cure);
}

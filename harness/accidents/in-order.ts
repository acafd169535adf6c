import { PgdrillError } from '../record/errors';
import type { Accident } from './accident';
import { sequence, type Part } from './compose';

/**
 * One accident with operations before and after it: rows committed on either side of a target, restore points.
 * `inOrder(commitMark('kept'), restorePoint('good'), deleteAllRows('book.tickets'))`. As `sequence`, for a drill whose target
 * means that one accident.
 * @throws PGDRILL_DRILL_INVALID unless exactly one of them is an accident
 */
export function inOrder(...parts: Part[]): Accident {
  const count = parts.filter((part) => typeof part !== 'function').length;
  if (count !== 1) {
    throw new PgdrillError(
      'PGDRILL_DRILL_INVALID',
      `inOrder was given ${count} accidents`,
      'give it exactly one, with operations around it',
    );
  }
  return sequence(...parts);
}

import { PgdrillError } from '../record/errors';
import type { Incident } from '../record/incident';
import type { Operation } from '../operations/operation';
import type { Accident } from './accident';

/**
 * An accident with operations before and after it, done one by one: rows committed on either side of a target, restore
 * points. What they note goes into the incident, where a target finds it:
 * `inOrder(commitMark('kept'), restorePoint('good'), deleteAllRows('book.tickets'))`.
 *
 * A function is an operation here, not an accident. Of two notes of one name the first is kept.
 * @throws PGDRILL_DRILL_INVALID unless exactly one of them is an accident
 */
export function inOrder(...parts: (Accident | Operation)[]): Accident {
  const accidents = parts.filter((part) => typeof part !== 'function');
  const [accident] = accidents;
  if (!accident || accidents.length > 1) {
    throw new PgdrillError(
      'PGDRILL_DRILL_INVALID',
      `inOrder was given ${accidents.length} accidents`,
      'give it exactly one, with operations around it',
    );
  }
  return {
    ...accident,
    async strike(context) {
      const marks: NonNullable<Incident['marks']> = [];
      let noted: Record<string, string> = {};
      let incident: Incident | undefined;
      for (const part of parts) {
        if (typeof part !== 'function') {
          incident = await part.strike(context);
          marks.push(...(incident.marks ?? []));
          noted = { ...incident.noted, ...noted };
          // What comes after an accident without effect would only hide that.
          if (!incident.proof.took) break;
          continue;
        }
        const left = await part(context);
        marks.push(...(left?.marks ?? []));
        noted = { ...left?.noted, ...noted };
      }
      return { ...incident!, marks, noted };
    },
  };
}

import type { Content } from '../record/fingerprint';
import type { Finding } from '../record/finding';
import type { ComparedDatabase } from './content-tables';
import { lookSql } from './look';
import { SHOWN } from './place';

type Sequence = Content['sequences'][string];

/**
 * A sequence is logged up to 32 values ahead of what it has given out (SEQ_LOG_VALS in PostgreSQL's sequence.c), so a
 * recovered one may be ahead of the baseline, never behind it.
 */
export function sequencesAhead({ place, member, database, before, now }: ComparedDatabase): Finding {
  const wrong: string[] = [];
  for (const sequence of Object.keys(before.sequences).sort()) {
    const then = before.sequences[sequence];
    const here = now.sequences[sequence];
    if (!then) continue;
    const why = here ? setBack(then, here) : 'is not there';
    if (why !== undefined) wrong.push(`${sequence}: ${why}`);
  }
  const added = Object.keys(now.sequences).filter((sequence) => !before.sequences[sequence]);
  wrong.push(...added.sort().map((sequence) => `${sequence}: was not there before`));
  const expected = `${Object.keys(before.sequences).length} sequences of ${database} at their value or ahead of it`;
  if (wrong.length === 0) return place.ok(expected, 'all are');
  return place.failed(expected, `${wrong.length} are not`, [
    ...wrong.slice(0, SHOWN),
    lookSql(member, 'SELECT * FROM pg_sequences', database),
  ]);
}

/** Why a sequence would give numbers out a second time; undefined when it would not. */
function setBack(before: Sequence, now: Sequence): string | undefined {
  const [then, here] = [BigInt(before.lastValue), BigInt(now.lastValue)];
  // One that starts again may be anywhere.
  if (!now.cycles) {
    if (now.descending ? here > then : here < then) return `${then} before, ${here} now`;
    if (here === then && before.called === true && now.called === false)
      return `${then} had been given out, and would be again`;
  }
  return now.behindColumn && !before.behindColumn ? 'behind its column, and was not before' : undefined;
}

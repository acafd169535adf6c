import { firstNumbers, parseIntervals, sizeOf, subtract } from '../formats/intervals';
import type { RestoredAside } from '../record/evidence';
import type { Finding } from '../record/finding';
import { firstOf, SHOWN, whyAbsent, type Place } from './place';

/** The ledger on the restored server: what was due at the point, no fewer and no more, and no half of a transaction. */
export function asideRows(place: Place, { due, member }: RestoredAside): Finding[] {
  const wanted = parseIntervals(due);
  const total = sizeOf(wanted);
  const expected = `the ${total} transactions of the ledger that were there at the point, and no other`;
  if (total === 0)
    return [place.unverified('transactions of the ledger at the point', 'none: nothing was put to the test')];
  if (member.ledger === undefined) return [place.unverified(expected, whyAbsent(member, 'ledger'))];
  const held = parseIntervals(member.ledger);
  const missing = subtract(wanted, held);
  const more = subtract(held, wanted);
  const halves = parseIntervals(member.ledgerHalves ?? '');
  const findings: Finding[] = [];
  const wrong = (which: typeof missing, word: string): void => {
    const count = sizeOf(which);
    if (count === 0) return;
    findings.push(
      place.failed(expected, `${count} ${word}`, [`${word}: ${firstOf(firstNumbers(which, SHOWN), count)}`]),
    );
  };
  wrong(missing, 'missing');
  wrong(more, 'too many');
  wrong(halves, 'there by half');
  return findings.length > 0 ? findings : [place.ok(expected, 'exactly these')];
}

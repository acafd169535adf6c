import { intersect, parseIntervals, sizeOf, subtract, union, type Intervals } from '../formats/intervals';
import type { LedgerEvidence, MemberEvidence } from '../record/evidence';
import type { LedgerClass } from '../record/ledger';

/** Where the writers keep their rows. Its fingerprint moves all the time: it is judged by transaction, not as content. */
export const LEDGER_DATABASE = 'ledger';

/** What the writers were told and the WAL says, as sets of transaction numbers. Each write is in one of them. */
export interface LedgerSets {
  before: Intervals;
  discardedBefore: Intervals;
  discardedDuring: Intervals;
  abandoned: Intervals;
  resumed: Intervals;
  indeterminate: Intervals;
  unplaced: Intervals;
}

/** @throws FormatError when a set cannot be read */
export function ledgerSets(ledger: LedgerEvidence): LedgerSets {
  return {
    before: parseIntervals(ledger.before),
    discardedBefore: parseIntervals(ledger.discardedBefore),
    discardedDuring: parseIntervals(ledger.discardedDuring),
    abandoned: parseIntervals(ledger.abandoned ?? ''),
    resumed: parseIntervals(ledger.resumed),
    indeterminate: parseIntervals(ledger.indeterminate),
    unplaced: parseIntervals(ledger.unplaced),
  };
}

/**
 * What became of each transaction on one member: what was promised beside the member's rows. Matched by number, never by
 * xid: discarded xids are handed out again. Of `indeterminate` and `unplaced` nothing was promised: there or not, both
 * stay what they are. A transaction that is there by half is that and nothing else.
 */
export function classesOn(
  sets: LedgerSets,
  member: Pick<MemberEvidence, 'ledger' | 'ledgerHalves'>,
): Record<LedgerClass, Intervals> {
  const half = parseIntervals(member.ledgerHalves ?? '');
  const whole = subtract(parseIntervals(member.ledger ?? ''), half);
  const there = (set: Intervals) => intersect(set, whole);
  const missing = (set: Intervals) => subtract(subtract(set, whole), half);
  const mayBeThere = [sets.before, sets.resumed, sets.indeterminate, sets.unplaced].reduce(union);
  return {
    recovered: there(sets.before),
    lost: missing(sets.before),
    phantom: subtract(whole, mayBeThere),
    half,
    indeterminate: subtract(sets.indeterminate, half),
    discardedBefore: missing(sets.discardedBefore),
    discardedDuring: missing(sets.discardedDuring),
    abandoned: missing(sets.abandoned),
    resumed: there(sets.resumed),
    resumedMissing: missing(sets.resumed),
    unplaced: subtract(sets.unplaced, half),
  };
}

/**
 * What does not add up in the ledger's own figures, in words; undefined when all does. Every acknowledged write is in
 * one class, and in one only, and one leader took it.
 */
export function inconsistency(ledger: LedgerEvidence, sets: LedgerSets): string | undefined {
  const classes = Object.entries(sets);
  for (const [index, [name, set]] of classes.entries()) {
    const twice = classes.slice(index + 1).find(([, other]) => sizeOf(intersect(set, other)) > 0);
    if (twice) return `a write is both ${name} and ${twice[0]}`;
  }
  const placed = classes.filter(([name]) => name !== 'indeterminate').reduce((sum, [, set]) => sum + sizeOf(set), 0);
  if (placed !== ledger.acknowledged) return `${ledger.acknowledged} acknowledged, but ${placed} in the classes`;
  const answered = ledger.acknowledged + sizeOf(sets.indeterminate);
  if (answered > ledger.sent) return `${ledger.sent} sent, but ${answered} acknowledged or indeterminate`;
  const taken = ledger.terms?.reduce((sum, term) => sum + term.acknowledged, 0);
  if (taken !== undefined && taken !== ledger.acknowledged)
    return `${ledger.acknowledged} acknowledged, but the terms of the leaders tell of ${taken}`;
  return undefined;
}

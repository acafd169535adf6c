import { intersect, parseIntervals, sizeOf, subtract, union, type Intervals } from '../formats/intervals';
import type { LedgerEvidence } from '../record/evidence';

/** Where the writers keep their rows. Its fingerprint moves all the time: it is judged by row, not as content. */
export const LEDGER_DATABASE = 'ledger';

/** The ledger's classes as sets of sequence numbers. */
export interface LedgerSets {
  before: Intervals;
  discardedBefore: Intervals;
  discardedDuring: Intervals;
  resumed: Intervals;
  indeterminate: Intervals;
  unplaced: Intervals;
}

/** What one member holds, in classes. */
export interface HeldRows {
  recovered: Intervals;
  /** Before the boundary, missing. */
  lost: Intervals;
  /** From the boundary on, present; or never acknowledged at all, present. */
  phantom: Intervals;
  /** Acknowledged on the recovered leader, missing. */
  resumedMissing: Intervals;
}

/** @throws FormatError when a set cannot be read */
export function ledgerSets(ledger: LedgerEvidence): LedgerSets {
  return {
    before: parseIntervals(ledger.before),
    discardedBefore: parseIntervals(ledger.discardedBefore),
    discardedDuring: parseIntervals(ledger.discardedDuring),
    resumed: parseIntervals(ledger.resumed),
    indeterminate: parseIntervals(ledger.indeterminate),
    unplaced: parseIntervals(ledger.unplaced),
  };
}

/**
 * Puts a member's rows beside what the writers were told. Rows of `indeterminate` and `unplaced` writes may be there
 * or not. Matched by sequence number, never by xid: discarded xids are handed out again.
 */
export function heldRows(sets: LedgerSets, member: string): HeldRows {
  const held = parseIntervals(member);
  const mayBeThere = [sets.before, sets.resumed, sets.indeterminate, sets.unplaced].reduce(union);
  return {
    recovered: intersect(sets.before, held),
    lost: subtract(sets.before, held),
    phantom: subtract(held, mayBeThere),
    resumedMissing: subtract(sets.resumed, held),
  };
}

/**
 * What does not add up in the ledger's own figures, in words; undefined when all does. Every acknowledged write is in
 * one class, and in one only.
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
  return undefined;
}

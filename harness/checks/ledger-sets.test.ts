import { formatIntervals, fromNumbers, hasNumber } from '../formats/intervals';
import type { LedgerEvidence } from '../record/evidence';
import { ledgerClassSchema, type LedgerClass } from '../record/ledger';
import { honestEvidence } from './honest-evidence';
import { classesOn, ledgerSets } from './ledger-sets';
import { there } from './spoiled';

const honest = there(honestEvidence().episodes[0]?.clusters['main']?.ledger, 'ledger');
const ledger: LedgerEvidence = {
  ...honest,
  before: '1-4',
  discardedBefore: '11-12',
  discardedDuring: '21-22',
  abandoned: '31-32',
  resumed: '41-43',
  indeterminate: '51-53',
  unplaced: '61-63',
};
const sets = ledgerSets(ledger);

describe('classes of transactions on a member', () => {
  test.each<[LedgerClass, number[]]>([
    ['recovered', [1, 2]],
    ['lost', [3]],
    ['phantom', [11, 21, 31, 99]],
    ['half', [4, 12, 43, 53, 63, 98]],
    ['indeterminate', [51, 52]],
    ['discardedBefore', []],
    ['discardedDuring', [22]],
    ['abandoned', [32]],
    ['resumed', [41]],
    ['resumedMissing', [42]],
    ['unplaced', [61, 62]],
  ])('%s › %p', (name, numbers) => {
    const member = { ledger: '1-2,11,21,31,41,51,61,99', ledgerHalves: '4,12,43,53,63,98' };
    expect(formatIntervals(classesOn(sets, member)[name])).toBe(formatIntervals(fromNumbers(numbers)));
  });

  test('every transaction › is in one class, and in one only, whatever a member holds', () => {
    for (let pattern = 0; pattern < 3 ** 5; pattern += 1) {
      const digit = (number: number): number => Math.floor(pattern / 3 ** (number % 5)) % 3;
      const all = Array.from({ length: 70 }, (_, number) => number + 1);
      const classes = classesOn(sets, {
        ledger: formatIntervals(fromNumbers(all.filter((number) => digit(number) === 1))),
        ledgerHalves: formatIntervals(fromNumbers(all.filter((number) => digit(number) === 2))),
      });
      expect(Object.keys(classes).sort()).toEqual([...ledgerClassSchema.options].sort());
      const known = new Set(Object.values(sets).flatMap((set) => all.filter((number) => hasNumber(set, number))));
      for (const number of all) {
        const times = Object.values(classes).filter((set) => hasNumber(set, number)).length;
        expect([number, times]).toEqual([number, known.has(number) || digit(number) > 0 ? 1 : 0]);
      }
    }
  });
});

import { formatIntervals, fromNumbers, parseIntervals } from './intervals';
import { NumberSet } from './number-set';

const of = (...numbers: number[]): NumberSet => {
  const set = new NumberSet();
  for (const number of numbers) set.add(number);
  return set;
};
const text = (set: NumberSet): string => formatIntervals(set.toIntervals());

/** A small generator of its own, so that a failing seed can be had again. */
const generator = (seed: number) => {
  let state = seed;
  return (high: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * (high + 1));
  };
};

describe('NumberSet', () => {
  test('empty › has nothing', () => {
    expect([text(of()), of().size, of().has(0)]).toEqual(['', 0, false]);
  });

  test('numbers in any order, some twice › their runs', () => {
    const set = of(5, 3, 4, 9, 3, 0);
    expect([text(set), set.size]).toEqual(['0,3-5,9', 5]);
    expect([0, 1, 3, 5, 6, 9].map((number) => set.has(number))).toEqual([true, false, true, true, false, true]);
  });

  test.each([
    [31, 32],
    [32_767, 32_768],
    [4_294_967_294, 4_294_967_295],
    [Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER],
  ])('borders of words and pages › %d and %d are one run', (first, last) => {
    const set = of(last, first);
    expect(text(set)).toBe(`${first}-${last}`);
    expect([set.has(first), set.has(last), set.has(first - 1)]).toEqual([true, true, false]);
  });

  test('from runs › the same runs', () => {
    for (const runs of ['', '0', '1-100000', '7,9-40000,65535-65537,10000000'])
      expect(text(NumberSet.from(parseIntervals(runs)))).toBe(runs);
  });

  test('property › agrees with intervals and with a Set, over many seeds', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = generator(seed);
      const spread = [10, 100, 40_000, 200_000][seed % 4]!;
      const start = seed % 3 === 0 ? 2 ** 40 : 0;
      const numbers = Array.from({ length: 400 }, () => start + random(spread));
      const set = of(...numbers);
      const known = new Set(numbers);
      expect(set.size).toBe(known.size);
      expect(text(set)).toBe(formatIntervals(fromNumbers(numbers)));
      for (let probe = 0; probe < 200; probe += 1) {
        const number = start + random(spread);
        expect(set.has(number)).toBe(known.has(number));
      }
    }
  });

  test.each([-1, 1.5, Number.NaN, 2 ** 53])('%d › is refused', (value) => {
    expect(() => of(value)).toThrow('expected whole numbers from 0 to 2^53-1');
  });
});

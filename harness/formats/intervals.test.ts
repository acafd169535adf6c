import { FormatError } from './format-error';
import {
  firstNumbers,
  formatIntervals,
  fromNumbers,
  hasNumber,
  intersect,
  type Intervals,
  parseIntervals,
  sizeOf,
  subtract,
  union,
} from './intervals';

const MAX = Number.MAX_SAFE_INTEGER;

/** Numbers that look random and are the same on every run (xorshift). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

describe('intervals › text', () => {
  it.each([
    [[], ''],
    [[5], '5'],
    [[0, 1, 2], '0-2'],
    [[3, 1, 2, 2, 7], '1-3,7'],
    [[MAX, MAX - 1, 0], `0,${MAX - 1}-${MAX}`],
  ])('writes and reads %j', (numbers, text) => {
    const set = fromNumbers(numbers);
    expect(formatIntervals(set)).toBe(text);
    expect(parseIntervals(text)).toEqual(set);
    expect(sizeOf(set)).toBe(new Set(numbers).size);
  });

  it('joins runs that touch', () => {
    expect(formatIntervals(parseIntervals('1-4,5,6-9,11'))).toBe('1-9,11');
  });

  it.each([
    '1-',
    '-1',
    '1,',
    ',1',
    '1--2',
    'a',
    '1.5',
    '1 - 2',
    '5-3',
    '3,1',
    '1-5,5',
    '1-5,3-9',
    '9007199254740992',
    '1e3',
  ])('refuses %j', (text) => {
    expect(() => parseIntervals(text)).toThrow(FormatError);
  });

  it.each([-1, 1.5, NaN, MAX + 1])('refuses the number %d', (value) => {
    expect(() => fromNumbers([1, value])).toThrow(FormatError);
  });

  it('counts exactly up to 2^53', () => {
    expect(sizeOf(parseIntervals(`0-${MAX}`))).toBe(2 ** 53);
    expect(formatIntervals(subtract(parseIntervals(`0-${MAX}`), parseIntervals(`${MAX - 1}`)))).toBe(
      `0-${MAX - 2},${MAX}`,
    );
    expect(firstNumbers(parseIntervals(`${MAX}`), 5)).toEqual([MAX]);
  });
});

describe('intervals › sets', () => {
  it.each([
    ['1-10', '3-4', '1-10', '3-4', '1-2,5-10'],
    ['1-10', '', '1-10', '', '1-10'],
    ['', '1-10', '1-10', '', ''],
    ['1-3,7-9', '3-7', '1-9', '3,7', '1-2,8-9'],
    ['1-3', '4-6', '1-6', '', '1-3'],
    ['1-3,5-7,9', '1-9', '1-9', '1-3,5-7,9', ''],
    ['1-100', '1,50,100', '1-100', '1,50,100', '2-49,51-99'],
    ['5-6,8-20,30-40', '1-9,15,18-35,50', '1-35,36-40,50', '5-6,8-9,15,18-20,30-35', '10-14,16-17,36-40'],
  ])('%j and %j', (a, b, both, common, left) => {
    const [left_, right] = [parseIntervals(a), parseIntervals(b)];
    expect(union(left_, right)).toEqual(parseIntervals(both));
    expect(union(right, left_)).toEqual(parseIntervals(both));
    expect(formatIntervals(intersect(left_, right))).toBe(common);
    expect(formatIntervals(intersect(right, left_))).toBe(common);
    expect(formatIntervals(subtract(left_, right))).toBe(left);
  });

  it('does what sets of numbers do', () => {
    const random = seeded(42);
    const some = (): Set<number> => new Set(Array.from({ length: random(60) }, () => random(10 + random(90))));
    const sorted = (numbers: Iterable<number>): string => [...numbers].sort((a, b) => a - b).join();
    const listed = (set: Intervals): string => firstNumbers(set, 1000).join();
    for (let round = 0; round < 800; round += 1) {
      const [a, b] = [some(), some()];
      const [left, right] = [fromNumbers(a), fromNumbers(b)];
      expect(listed(left)).toBe(sorted(a));
      expect(parseIntervals(formatIntervals(left))).toEqual(left);
      expect(listed(union(left, right))).toBe(sorted(new Set([...a, ...b])));
      expect(listed(intersect(left, right))).toBe(sorted([...a].filter((value) => b.has(value))));
      expect(listed(subtract(left, right))).toBe(sorted([...a].filter((value) => !b.has(value))));
      for (const set of [union(left, right), intersect(left, right), subtract(left, right)]) {
        expect(fromNumbers(firstNumbers(set, 1000))).toEqual(set);
      }
      const value = random(100);
      expect(hasNumber(left, value)).toBe(a.has(value));
    }
  });

  it('gives the lowest numbers as examples', () => {
    expect(firstNumbers(parseIntervals('3-5,9,20-30'), 5)).toEqual([3, 4, 5, 9, 20]);
    expect(firstNumbers(parseIntervals('3-5'), 0)).toEqual([]);
    expect(firstNumbers(parseIntervals('3-5'), 9)).toEqual([3, 4, 5]);
  });

  it('stays linear with many runs', () => {
    const every = (step: number, from: number): Intervals =>
      fromNumbers(Array.from({ length: 200_000 }, (_unused, index) => from + index * step));
    const [odd, even] = [every(2, 1), every(2, 0)];
    expect(formatIntervals(union(odd, even))).toBe('0-399999');
    expect(intersect(odd, even)).toEqual([]);
    expect(sizeOf(subtract(odd, even))).toBe(200_000);
    expect(subtract(odd, union(odd, even))).toEqual([]);
  });
});

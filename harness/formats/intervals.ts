import { FormatError } from './format-error';

/** First and last number of a run without gaps, both included. */
export type Interval = readonly [first: number, last: number];

/**
 * A set of sequence numbers from 0 to 2^53-1 as runs: in order, apart by at least one missing number. Two equal sets
 * are equal lists. As text: `1-5000,5002,5010-6000`; the empty set is the empty text.
 */
export type Intervals = readonly Interval[];

/** The set of some numbers, in any order, repeated or not. Numbers already in order are not sorted again. */
export function fromNumbers(numbers: Iterable<number>): Intervals {
  const list = [...numbers];
  let ordered = true;
  for (const [index, value] of list.entries()) {
    checked(value, String(value));
    if (index > 0 && value < (list[index - 1] ?? 0)) ordered = false;
  }
  if (!ordered) list.sort((a, b) => a - b);
  return merged(list.map((value) => [value, value] as const));
}

/**
 * Reads the text form. Runs that touch are joined, so that reading and writing gives the shortest text.
 * @throws FormatError when a run is not a number or two, goes backwards, or runs are out of order or overlap
 */
export function parseIntervals(text: string): Intervals {
  if (text === '') return [];
  const runs = text.split(',').map((run): Interval => {
    const match = /^(\d+)(?:-(\d+))?$/.exec(run);
    if (!match) throw new FormatError('set of numbers', text, `"${run}" is neither a number nor a range`);
    const first = checked(Number(match[1]), text);
    const last = match[2] === undefined ? first : checked(Number(match[2]), text);
    if (last < first) throw new FormatError('set of numbers', text, `"${run}" goes backwards`);
    return [first, last];
  });
  runs.forEach(([first], index) => {
    const before = runs[index - 1];
    if (before && first <= before[1])
      throw new FormatError('set of numbers', text, 'ranges overlap or are out of order');
  });
  return merged(runs);
}

/** Writes the text form. */
export function formatIntervals(set: Intervals): string {
  return set.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** How many numbers the set has. */
export function sizeOf(set: Intervals): number {
  return set.reduce((sum, [first, last]) => sum + (last - first + 1), 0);
}

/** Whether the set has this number; by halving, so that it may be asked for every row of a ledger. */
export function hasNumber(set: Intervals, value: number): boolean {
  let low = 0;
  let high = set.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = set[middle] ?? [0, 0];
    if (value < first) high = middle - 1;
    else if (value > last) low = middle + 1;
    else return true;
  }
  return false;
}

/** Numbers in either set. */
export function union(a: Intervals, b: Intervals): Intervals {
  const runs: Interval[] = [];
  let inA = 0;
  let inB = 0;
  while (inA < a.length || inB < b.length) {
    const left = a[inA];
    const right = b[inB];
    if (left && (!right || left[0] <= right[0])) {
      runs.push(left);
      inA += 1;
    } else if (right) {
      runs.push(right);
      inB += 1;
    }
  }
  return merged(runs);
}

/** Numbers in both sets. */
export function intersect(a: Intervals, b: Intervals): Intervals {
  const runs: Interval[] = [];
  let inA = 0;
  let inB = 0;
  for (let left = a[inA], right = b[inB]; left && right; left = a[inA], right = b[inB]) {
    const first = Math.max(left[0], right[0]);
    const last = Math.min(left[1], right[1]);
    if (first <= last) runs.push([first, last]);
    if (left[1] < right[1]) inA += 1;
    else inB += 1;
  }
  return runs;
}

/** Numbers in `a` that are not in `b`. */
export function subtract(a: Intervals, b: Intervals): Intervals {
  const runs: Interval[] = [];
  let inB = 0;
  for (const [first, last] of a) {
    let from = first;
    while (inB < b.length && (b[inB]?.[1] ?? 0) < from) inB += 1;
    // A run of b may reach into the next run of a: look ahead without passing it.
    for (let ahead = inB; from <= last; ahead += 1) {
      const hole = b[ahead];
      if (!hole || hole[0] > last) {
        runs.push([from, last]);
        break;
      }
      if (hole[0] > from) runs.push([from, hole[0] - 1]);
      from = hole[1] + 1;
      inB = ahead;
    }
  }
  return runs;
}

/** The lowest `limit` numbers of the set, to show as examples. */
export function firstNumbers(set: Intervals, limit: number): number[] {
  const numbers: number[] = [];
  for (const [first, last] of set) {
    for (let value = first; value <= last && numbers.length < limit; value += 1) numbers.push(value);
    if (numbers.length >= limit) break;
  }
  return numbers;
}

/** Joins runs that are ordered by their first number and may touch or overlap. */
function merged(runs: Interval[]): Intervals {
  const joined: [number, number][] = [];
  for (const [first, last] of runs) {
    const current = joined.at(-1);
    if (current && first <= current[1] + 1) current[1] = Math.max(current[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

function checked(value: number, text: string): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new FormatError('set of numbers', text, 'expected whole numbers from 0 to 2^53-1');
  }
  return value;
}

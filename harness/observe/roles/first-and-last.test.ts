import { FirstAndLast } from './first-and-last';

const filled = (count: number): FirstAndLast<number> => {
  const list = new FirstAndLast<number>(3);
  for (let n = 1; n <= count; n += 1) list.push(n);
  return list;
};

describe('first and last of a list', () => {
  test.each([0, 1, 5, 6])('%i entries of at most 6 › all are kept', (count) => {
    expect(filled(count).kept()).toEqual(Array.from({ length: count }, (_, n) => n + 1));
    expect(filled(count).omitted()).toBeUndefined();
  });

  test('more › the first and the last, and what was left out between them', () => {
    expect(filled(7).kept()).toEqual([1, 2, 3, 5, 6, 7]);
    expect(filled(7).omitted()).toEqual({ count: 1, first: 4, last: 4 });
    expect(filled(10_000).kept()).toEqual([1, 2, 3, 9998, 9999, 10_000]);
    expect(filled(10_000).omitted()).toEqual({ count: 9994, first: 4, last: 9997 });
  });
});

import { lineDifferences, RowComparison } from './row-comparison';

const row = (key: string, digest: string, times = 1) => ({ key, digest, times });

describe('rows › with a key', () => {
  const compare = (before: [string, string][], now: [string, string][], shown = 5) => {
    const comparison = new RowComparison(true);
    for (const [key, digest] of before) comparison.before(row(key, digest));
    for (const [key, digest] of now) comparison.now(row(key, digest));
    return comparison.differences(shown);
  };

  it('says nothing of equal ones, in whatever order', () => {
    expect(
      compare(
        [
          ['1', 'a'],
          ['2', 'b'],
        ],
        [
          ['2', 'b'],
          ['1', 'a'],
        ],
      ),
    ).toEqual({ differing: 0, first: [] });
  });

  it('tells missing, added and changed apart, numbers in the order of numbers', () => {
    expect(
      compare(
        [
          ['10', 'a'],
          ['9', 'b'],
          ['-1', 'c'],
          ['7', 'same'],
        ],
        [
          ['10', 'x'],
          ['100', 'y'],
          ['-1', 'z'],
          ['7', 'same'],
        ],
      ),
    ).toEqual({
      differing: 4,
      first: [
        { key: '-1', how: 'changed', times: 1 },
        { key: '9', how: 'missing', times: 1 },
        { key: '10', how: 'changed', times: 1 },
        { key: '100', how: 'added', times: 1 },
      ],
    });
  });

  it('shows the first few and counts all', () => {
    const many = Array.from({ length: 30 }, (_, at): [string, string] => [String(30 - at), 'a']);
    const { differing, first } = compare(many, []);
    expect(differing).toBe(30);
    expect(first.map(({ key }) => key)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('sees a key that is there twice', () => {
    expect(
      compare(
        [['1', 'a']],
        [
          ['1', 'a'],
          ['1', 'a'],
        ],
      ),
    ).toEqual({ differing: 1, first: [{ key: '1', how: 'added', times: 1 }] });
  });

  it('takes keys that are no numbers by their text, a tab in them being part of it', () => {
    expect(
      compare(
        [['b\tc', '1']],
        [
          ['a', '1'],
          ['b\tc', '2'],
        ],
      ).first.map(({ key, how }) => [key, how]),
    ).toEqual([
      ['a', 'added'],
      ['b\tc', 'changed'],
    ]);
  });
});

describe('rows › without a key', () => {
  it('counts equal ones, and calls none changed', () => {
    const comparison = new RowComparison(false);
    comparison.before(row('(a)', '1', 3));
    comparison.before(row('(b)', '2', 1));
    comparison.now(row('(a)', '1', 1));
    comparison.now(row('(c)', '3', 2));
    expect(comparison.differences(5)).toEqual({
      differing: 5,
      first: [
        { key: '(a)', how: 'missing', times: 2 },
        { key: '(b)', how: 'missing', times: 1 },
        { key: '(c)', how: 'added', times: 2 },
      ],
    });
  });

  it('tells rows apart whose text was cut to the same', () => {
    const comparison = new RowComparison(false);
    comparison.before(row('(long…', '1'));
    comparison.now(row('(long…', '2'));
    expect(comparison.differences(5).first.map(({ how }) => how)).toEqual(['missing', 'added']);
  });
});

describe('lines', () => {
  it('tells which are missing and which are more', () => {
    expect(lineDifferences(['a', 'b', 'b', 'c'], ['b', 'c', 'd'])).toEqual([
      { how: 'missing', line: 'a' },
      { how: 'missing', line: 'b' },
      { how: 'added', line: 'd' },
    ]);
    expect(lineDifferences(['a'], ['a'])).toEqual([]);
  });
});

import { countDifferences, type RowCounts } from './row-counts';

const counts = (tables: Record<string, number>): RowCounts => ({
  thai: Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, { rows, by: 'count' as const }])),
});

describe('rows before and after', () => {
  it('what differs is named, the rest counted', () => {
    expect(
      countDifferences(counts({ 'a.x': 0, 'a.y': 5, 'a.gone': 1 }), counts({ 'a.x': 36010, 'a.y': 5, 'a.new': 2 })),
    ).toEqual([
      'thai: a.gone not there here, 1 before the recovery',
      'thai: a.new 2 here, not there before the recovery',
      'thai: a.x 36010 here, 0 before the recovery',
      '1 table as before',
    ]);
  });

  it('with many the first are named', () => {
    const many = Object.fromEntries([...Array(9).keys()].map((n) => [`a.t${n}`, n]));
    const lines = countDifferences(counts({}), counts(many), 2);
    expect(lines).toHaveLength(4);
    expect(lines[2]).toBe('7 more tables beside these');
  });

  it('an estimate says that it is one', () => {
    const before: RowCounts = { d: { t: { rows: 100, by: 'estimate' } } };
    expect(countDifferences(before, { d: { t: { rows: 99, by: 'count' } } })[0]).toBe(
      'd: t 99 here, about 100 before the recovery',
    );
  });

  it('no difference is said, too', () => {
    expect(countDifferences(counts({ x: 1 }), counts({ x: 1 }))).toEqual([
      'every table has as many rows as before the recovery (1)',
    ]);
  });
});

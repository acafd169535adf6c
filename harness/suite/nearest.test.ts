import { editDistance, nearest } from './nearest';

describe('nearest', () => {
  const ids = ['delete-without-where', 'kill-the-leader', 'pitr', 'smoke'];

  test.each([
    ['delete-without-were', 'delete-without-where'],
    ['delet-witout-where', 'delete-without-where'],
    ['ptir', 'pitr'],
    ['SMOKE', 'smoke'],
    ['kill-leader', 'kill-the-leader'],
    ['without', 'delete-without-where'],
  ])('%s › suggests %s', (word, meant) => {
    expect(nearest(word, ids)).toBe(meant);
  });

  test.each(['nonsense', 'x', ''])('"%s" › suggests nothing far away', (word) => {
    expect(nearest(word, ['delete-without-where', 'kill-the-leader'])).toBeUndefined();
  });

  test('of two equally near › the first is taken', () => {
    expect(nearest('drill-c', ['drill-a', 'drill-b'])).toBe('drill-a');
  });
});

describe('edit distance', () => {
  test.each([
    ['', '', 0],
    ['abc', '', 3],
    ['', 'abc', 3],
    ['abc', 'abd', 1],
    ['abcd', 'abdc', 1],
    ['kitten', 'sitting', 3],
  ])('%s to %s › is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });
});

import { namedParts } from './named-parts';

const read = (text: string, name = /[a-z]+/) => {
  const { before, parts } = namedParts(text, name);
  return { before, parts: [...parts] };
};

describe('named parts', () => {
  test('what stands before, and each part with its line ends', () => {
    expect(read('control\n== oldest\n000000010000000000000002\n== running\nyes\n')).toEqual({
      before: 'control\n',
      parts: [
        ['oldest', '000000010000000000000002\n'],
        ['running', 'yes\n'],
      ],
    });
  });

  test('a part without text, also at the very end › empty', () => {
    expect(read('== oldest\n== running').parts).toEqual([
      ['oldest', ''],
      ['running', ''],
    ]);
  });

  test('a line that begins so and is no name › belongs to its part', () => {
    expect(read('== a\n== not a name\n').parts).toEqual([['a', '== not a name\n']]);
  });

  test('two of one name › the last, in the place of the first', () => {
    expect(read('== a\n1\n== b\n2\n== a\n3\n').parts).toEqual([
      ['a', '3\n'],
      ['b', '2\n'],
    ]);
  });

  test('nothing printed › nothing', () => {
    expect(read('')).toEqual({ before: '', parts: [] });
  });
});

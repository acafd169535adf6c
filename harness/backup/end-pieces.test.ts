import { secondPieces } from './end-pieces';

const MB = 1024 * 1024;
const histories = [
  { timeline: 2, text: '1\t0/7000120\tbefore 2026-11-21\n' },
  { timeline: 4, text: '1\t0/7000120\tbefore 2026-11-21\n\n3\t0/3A0000D8\tno recovery target specified\n' },
  { timeline: 5, text: '1\t0/7000120\tbefore 2026-11-21\n\n3\t0/3A000200\tno recovery target specified\n' },
];
const second = (name: string) => `${name}.20261121T185900Z.duplicate`;

describe('secondPieces', () => {
  test.each([
    ['as its leader archived it', '00000003000000000000003A.partial'],
    ['as a member that followed it did', '00000003000000000000003A'],
  ])('the end of a timeline, %s › has the bytes up to where the last child branched off', (_whose, name) => {
    expect(secondPieces([second(name)], histories, 16 * MB)).toEqual([{ file: second(name), name, bytes: 0x200 }]);
  });

  test('a backup history file › may be cut short', () => {
    const name = '000000010000000000000007.00000028.backup';
    expect(secondPieces([second(name)], histories, 16 * MB)).toEqual([{ file: second(name), name, bytes: 'all' }]);
  });

  test.each([
    ['a whole segment in which no timeline ended', second('00000003000000000000003B')],
    ['a partial one in which no timeline ended', second('00000003000000000000003B.partial')],
    ['a timeline that nobody left', second('00000005000000000000003A.partial')],
    ['what is in error for another reason', '00000003000000000000003A.partial.20261121T185900Z.unknown'],
  ])('%s › is none', (_what, file) => expect(secondPieces([file], histories, 16 * MB)).toEqual([]));
});

import { formatLsn } from './lsn';
import { walPath } from './wal-path';

const size = 16 * 1024 * 1024;
const segment = (timeline: number, number: number): string =>
  `0000000${timeline}00000000000000${number.toString(16).toUpperCase().padStart(2, '0')}`;
const lsn = (number: number, offset = 0x100): string => formatLsn(BigInt(number * size + offset));
/** Timeline 1 left in segment 5, timeline 2 in segment 7. */
const history = {
  timeline: 3,
  ancestors: [
    { timeline: 1, endLsn: lsn(5), reason: '' },
    { timeline: 2, endLsn: lsn(7), reason: '' },
  ],
};
const files = (names: string[]) => {
  const { segments, until } = walPath(history, names, lsn(4), size);
  return { files: segments.map(({ file }) => file), names: segments.map(({ name }) => name), until: formatLsn(until) };
};

describe('the way through timelines', () => {
  test('each segment › from the newest timeline that began in it, all named as of the last', () => {
    const held = [
      segment(1, 4),
      segment(1, 5),
      segment(2, 5),
      segment(2, 6),
      segment(2, 7),
      segment(3, 7),
      segment(3, 8),
    ];
    expect(files(held)).toEqual({
      files: [segment(1, 4), segment(2, 5), segment(2, 6), segment(3, 7), segment(3, 8)],
      names: [4, 5, 6, 7, 8].map((number) => segment(3, number)),
      until: lsn(9, 0),
    });
  });

  test('a gap › ends it', () => {
    expect(files([segment(1, 4), segment(2, 6)])).toMatchObject({ files: [segment(1, 4)], until: lsn(5, 0) });
    expect(files([segment(2, 5)])).toMatchObject({ files: [], until: lsn(4, 0) });
  });

  test('where a timeline was left › its own copy goes as far as that, and no further', () => {
    const held = [segment(1, 4), segment(1, 5), segment(1, 6), segment(2, 6)];
    expect(files(held)).toMatchObject({ files: [segment(1, 4), segment(1, 5)], until: lsn(5) });
  });

  test('what a timeline wrote after it was left › is not on the way', () => {
    expect(files([segment(1, 4), segment(2, 5), segment(1, 6), segment(2, 7)])).toMatchObject({
      files: [segment(1, 4), segment(2, 5)],
      until: lsn(6, 0),
    });
  });

  test('a partial segment › stands in at the end only', () => {
    const partial = `${segment(2, 6)}.partial`;
    expect(files([segment(1, 4), segment(2, 5), partial, segment(3, 7)])).toMatchObject({
      files: [segment(1, 4), segment(2, 5), partial],
      until: lsn(7, 0),
    });
    expect(files([segment(1, 4), `${segment(1, 5)}.partial`])).toMatchObject({ until: lsn(5) });
  });
});

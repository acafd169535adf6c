import { archivedAgain, type WalLeft } from './archived-again';

const segment = (number: number, timeline = 1) =>
  `0000000${timeline}00000000${number.toString(16).toUpperCase().padStart(8, '0')}`;
const left = (some: Partial<WalLeft>): WalLeft => ({
  onDisk: [segment(3), segment(4), segment(5), segment(6), 'archive_status'],
  held: [segment(3)],
  histories: [],
  from: segment(3),
  current: segment(6),
  segmentSize: 16 * 1024 * 1024,
  ...some,
});

describe('archivedAgain', () => {
  test('what Barman lacks, but for the segment that is being written', () => {
    expect(archivedAgain(left({}))).toEqual({ again: [segment(4), segment(5)], gone: [] });
  });

  test('a piece of a segment does not count as held', () => {
    const held = [segment(3), `${segment(4)}.partial`, segment(5)];
    expect(archivedAgain(left({ held }))).toEqual({ again: [segment(4)], gone: [] });
  });

  test('what nobody has is told', () => {
    expect(archivedAgain(left({ onDisk: [segment(5), segment(6)] }))).toEqual({
      again: [segment(5)],
      gone: [segment(4)],
    });
  });

  test('of a segment in which a timeline began the copy of that timeline, and its history first', () => {
    const onDisk = [segment(4), segment(5), segment(5, 2), segment(6, 2), '00000002.history'];
    expect(archivedAgain(left({ onDisk, current: segment(6, 2) }))).toEqual({
      again: ['00000002.history', segment(4), segment(5, 2)],
      gone: [],
    });
  });

  test('a history that is held, or of a later timeline than the one that is written, is left alone', () => {
    const onDisk = [segment(6, 2), '00000002.history', '00000003.history'];
    const held = [3, 4, 5].map((number) => segment(number));
    expect(archivedAgain(left({ onDisk, held, histories: [2], current: segment(6, 2) }))).toEqual({
      again: [],
      gone: [],
    });
  });
});

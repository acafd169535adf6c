import { heldUntil, partialSegments, type BarmanFiles } from './archive-files';

const MB = 1024 * 1024;
const name = (number: number, timeline = 3) =>
  `0000000${timeline}00000000${number.toString(16).toUpperCase().padStart(8, '0')}`;
const files = (some: Partial<BarmanFiles>): BarmanFiles => ({ wals: [], streaming: [], incoming: [], ...some });

describe('partialSegments', () => {
  test('receive-wal’s current file and PostgreSQL’s own end of a timeline › are kept apart by where they lie', () => {
    const seen = files({
      wals: [name(6, 1), `${name(7, 1)}.partial`, '00000002.history'],
      streaming: [`${name(11)}.partial`, name(10)],
      incoming: [`${name(9)}.partial`],
    });
    expect(partialSegments(seen)).toEqual({
      receiving: [`${name(11)}.partial`],
      endOfTimeline: [`${name(7, 1)}.partial`, `${name(9)}.partial`],
    });
  });
});

describe('heldUntil', () => {
  test.each<[string, Partial<BarmanFiles>, number]>([
    ['nothing', {}, 10],
    ['archived segments', { wals: [name(10), name(11)] }, 12],
    ['one that has arrived and waits to be archived', { wals: [name(10)], streaming: [name(11)] }, 12],
    ['one delivered by archive_command', { incoming: [name(10)] }, 11],
    ['the one that is being received', { wals: [name(10)], streaming: [`${name(11)}.partial`] }, 12],
    ['a hole ends it', { wals: [name(10), name(12)] }, 11],
    ['a partial one is the end, whatever comes after', { wals: [name(11)], streaming: [`${name(10)}.partial`] }, 11],
    ['another timeline’s do not count', { wals: [name(10, 2)] }, 10],
    ['an archived end of a timeline is not whole', { wals: [`${name(10)}.partial`] }, 10],
  ])('%s', (_what, some, until) => expect(heldUntil(files(some), name(10), 16 * MB)).toBe(name(until)));

  test('goes on into the next log as the segment size tells', () => {
    const last = '0000000300000000000000FF';
    expect(heldUntil(files({ wals: [last] }), last, 16 * MB)).toBe('000000030000000100000000');
  });
});

import { placeOf, runsOf } from './archive-walk';

const MB = 1024 * 1024;
const segments = ['000000010000000000000006', '000000010000000000000007', '000000030000000000000008'];

describe('runsOf', () => {
  test('holes part the segments', () => {
    expect(runsOf(segments, () => true)).toEqual([segments]);
    expect(runsOf(segments, (name) => name !== segments[1])).toEqual([[segments[0]], [segments[2]]]);
    expect(runsOf(segments, () => false)).toEqual([]);
  });
});

describe('placeOf', () => {
  const bad = (lastLsn: string, atLsn: string | null) =>
    ({ kind: 'bad-record', lastLsn, atLsn, reason: 'incorrect prev-link', unwritten: false }) as const;
  test.each([
    ['where the reader gave up', bad('0/6FFFF00', '0/7000028'), 1],
    ['behind the last record, where nothing else is said', bad('0/8000060', null), 2],
    ['no record from there on', { kind: 'no-record', afterLsn: '0/7000000' } as const, 1],
    ['no place named', { kind: 'unreadable', reason: 'x' } as const, 0],
    ['a place outside', bad('0/9000000', null), 0],
  ])('%s', (_what, end, index) => expect(placeOf(end, segments, 16 * MB)).toBe(index));
});

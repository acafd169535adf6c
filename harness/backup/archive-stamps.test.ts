import { compareStamps, parseStamps } from './archive-stamps';

const wal = 'wals/0000000100000000/000000010000000000000004';
const text = [
  `16777216 1311 1763726400.1234567890 ${wal}`,
  '42 1312 1763726401.0000000000 wals/00000002.history',
  '8192 1313 1763726402.5000000000 base/20261121T055051/data/base/5/a name with spaces',
  'find: something in words',
  '',
].join('\n');

describe('archive stamps', () => {
  test('lines of find › by path; other lines are none', () => {
    const stamps = parseStamps(text);
    expect(Object.keys(stamps)).toHaveLength(3);
    expect(stamps[wal]).toEqual({ bytes: '16777216', stamp: '1311 1763726400.1234567890' });
    expect(stamps['base/20261121T055051/data/base/5/a name with spaces']?.bytes).toBe('8192');
  });

  test('written in place, replaced, gone › told; a new file is none', () => {
    const before = parseStamps(text);
    expect(compareStamps(before, parseStamps(`${text}\n1 2 3.0 wals/00000003.history`))).toEqual({
      changed: [],
      gone: [],
    });
    const touched = text.replace('1763726400.1234567890', '1763726999.0000000000');
    expect(compareStamps(before, parseStamps(touched))).toEqual({ changed: [wal], gone: [] });
    expect(compareStamps(before, parseStamps(text.replace('1311', '1999')))).toEqual({ changed: [wal], gone: [] });
    expect(compareStamps(before, parseStamps(text.split('\n').slice(1).join('\n')))).toEqual({
      changed: [],
      gone: [wal],
    });
  });
});

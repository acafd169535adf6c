import { FormatError } from './format-error';
import { formatLsn } from './lsn';
import {
  historyNameOf,
  eachSegmentBetween,
  firstLsnOf,
  isSegmentName,
  nextWalName,
  parseWalName,
  segmentAt,
  segmentNumber,
  segmentsBetween,
  walNameFromNumber,
  walNameOf,
} from './wal-name';

const MB = 1024 * 1024;
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024].map((size) => size * MB);

/** Numbers that look random and are the same on every run (xorshift). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

describe('wal name › kinds', () => {
  it.each([
    ['00000001000000000000000A', { kind: 'segment', timeline: 1, log: 0, seg: 10 }],
    ['0000000200000001000000FF', { kind: 'segment', timeline: 2, log: 1, seg: 255 }],
    ['000000010000000000000003.partial', { kind: 'partial', timeline: 1, log: 0, seg: 3 }],
    ['000000010000000000000002.00000028.backup', { kind: 'backup', timeline: 1, log: 0, seg: 2, offset: 0x28 }],
    ['0000000A.history', { kind: 'history', timeline: 10 }],
    ['FFFFFFFF.history', { kind: 'history', timeline: 0xffffffff }],
  ])('reads %s', (name, expected) => {
    expect(parseWalName(name)).toEqual(expected);
  });

  it.each([
    '',
    'xlog.db',
    'archive_status',
    '00000001.history.tmp',
    '00000001000000000000000a',
    '00000001000000000000000',
    '0000000100000000000000001',
    '00000001000000000000000A.gz',
    '00000001000000000000000A.partial.gz',
    '00000001000000000000000A.28.backup',
    '000000000000000000000001',
    '00000000.history',
    '1.history',
  ])('refuses %j', (name) => {
    expect(() => parseWalName(name)).toThrow(FormatError);
    expect(isSegmentName(name)).toBe(false);
  });

  it('tells a complete segment from the other kinds', () => {
    expect(isSegmentName('00000001000000000000000A')).toBe(true);
    expect(isSegmentName('00000001000000000000000A.partial')).toBe(false);
    expect(isSegmentName('00000002.history')).toBe(false);
  });

  it('refuses a segment number that the segment size does not have', () => {
    expect(parseWalName('0000000100000000000000FF', 16 * MB)).toMatchObject({ seg: 255 });
    expect(() => parseWalName('000000010000000000000100', 16 * MB)).toThrow(/256 segments/);
    expect(parseWalName('000000010000000000000FFF', MB)).toMatchObject({ seg: 4095 });
    expect(() => parseWalName('000000010000000000000004', 1024 * MB)).toThrow(/4 segments/);
  });
});

describe('wal name › arithmetic', () => {
  it.each([
    [16 * MB, '0/0', '000000010000000000000000'],
    [16 * MB, '0/1000000', '000000010000000000000001'],
    [16 * MB, '0/FFFFFFFF', '0000000100000000000000FF'],
    [16 * MB, '1/0', '000000010000000100000000'],
    [16 * MB, 'FFFFFFFF/FFFFFFFF', '00000001FFFFFFFF000000FF'],
    [MB, '0/FFFFFFFF', '000000010000000000000FFF'],
    [MB, '1/100000', '000000010000000100000001'],
    [64 * MB, '0/FFFFFFFF', '00000001000000000000003F'],
    [64 * MB, '2/8000000', '000000010000000200000002'],
    [1024 * MB, '0/FFFFFFFF', '000000010000000000000003'],
    [1024 * MB, '5/40000000', '000000010000000500000001'],
  ])('with segments of %d bytes, %s lies in %s', (size, lsn, name) => {
    expect(walNameOf(1, lsn, size)).toBe(name);
  });

  it.each([
    [16 * MB, '0000000100000000000000FF', '000000010000000100000000'],
    [16 * MB, '00000001000000FF000000FF', '000000010000010000000000'],
    [MB, '0000000100000000000000FF', '000000010000000000000100'],
    [MB, '000000010000000000000FFF', '000000010000000100000000'],
    [64 * MB, '00000003000000000000003F', '000000030000000100000000'],
    [1024 * MB, '000000010000000000000003', '000000010000000100000000'],
  ])('with segments of %d bytes, %s is followed by %s', (size, name, next) => {
    expect(nextWalName(name, size)).toBe(next);
    expect(segmentNumber(next, size) - segmentNumber(name, size)).toBe(1n);
  });

  it('goes there and back for every segment size', () => {
    const random = seeded(20261121);
    for (let round = 0; round < 1500; round += 1) {
      const size = SIZES[random(SIZES.length)] ?? 16 * MB;
      const timeline = 1 + random(0xffffffff);
      const lsn = formatLsn((BigInt(random(0x100000000)) << 32n) | BigInt(random(0x100000000)));
      const name = walNameOf(timeline, lsn, size);
      const number = segmentNumber(name, size);
      expect(parseWalName(name, size)).toMatchObject({ kind: 'segment', timeline });
      expect(walNameFromNumber(timeline, number, size)).toBe(name);
      expect(walNameOf(timeline, firstLsnOf(name, size), size)).toBe(name);
      expect(segmentAt(number * BigInt(size) + BigInt(size - 1), size)).toBe(number);
    }
  });

  it('has no segment after the last LSN, before the first, or of a history file', () => {
    expect(() => nextWalName('00000001FFFFFFFF000000FF', 16 * MB)).toThrow(FormatError);
    expect(() => walNameFromNumber(1, -1n, 16 * MB)).toThrow(FormatError);
    expect(() => walNameFromNumber(0, 1n, 16 * MB)).toThrow(FormatError);
    expect(() => segmentNumber('00000002.history', 16 * MB)).toThrow(FormatError);
  });

  it('counts partial and backup files as the segment that they belong to', () => {
    expect(segmentNumber('000000010000000000000003.partial', 16 * MB)).toBe(3n);
    expect(firstLsnOf('000000010000000100000002.00000028.backup', 16 * MB)).toBe('1/2000000');
  });

  it.each([0, 1, MB / 2, MB + 1, 3 * MB, 2048 * MB, NaN, Infinity])('refuses a segment size of %d bytes', (size) => {
    expect(() => walNameOf(1, '0/1000000', size)).toThrow(/power of two/);
  });
});

describe('wal name › ranges', () => {
  it('names every segment across the end of a log', () => {
    expect(segmentsBetween(2, '0/FE000028', '1/1000001', 16 * MB)).toEqual([
      '0000000200000000000000FE',
      '0000000200000000000000FF',
      '000000020000000100000000',
      '000000020000000100000001',
    ]);
  });

  it('leaves out the segment that begins where the range ends', () => {
    expect(segmentsBetween(1, '0/2000028', '0/3000000', 16 * MB)).toEqual(['000000010000000000000002']);
    expect(segmentsBetween(1, '0/2000028', '0/3000001', 16 * MB)).toHaveLength(2);
  });

  it('is empty when nothing lies between', () => {
    expect(segmentsBetween(1, '0/3000000', '0/3000000', 16 * MB)).toEqual([]);
    expect(segmentsBetween(1, '0/3000001', '0/3000000', 16 * MB)).toEqual([]);
  });

  it('gives a long range piece by piece', () => {
    const names = eachSegmentBetween(1, '0/0', 'FFFFFFFF/0', MB);
    expect(names.next().value).toBe('000000010000000000000000');
    expect(names.next().value).toBe('000000010000000000000001');
  });

  it('follows nextWalName for every segment size', () => {
    const random = seeded(7);
    for (const size of SIZES) {
      const first = BigInt(random(100000)) * BigInt(size) + BigInt(random(size));
      const names = segmentsBetween(5, formatLsn(first), formatLsn(first + BigInt(size) * 20n), size);
      names.slice(1).forEach((name, index) => expect(nextWalName(names[index] ?? '', size)).toBe(name));
      expect(names.length).toBe(first % BigInt(size) === 0n ? 20 : 21);
    }
  });
});

describe('historyNameOf', () => {
  it.each([
    [2, '00000002.history'],
    [26, '0000001A.history'],
    [0xffffffff, 'FFFFFFFF.history'],
  ])('timeline %d is %s, and is read back', (timeline, name) => {
    expect(historyNameOf(timeline)).toBe(name);
    expect(parseWalName(name)).toEqual({ kind: 'history', timeline });
  });
});

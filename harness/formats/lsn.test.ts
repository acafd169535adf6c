import { FormatError } from './format-error';
import { canonicalLsn, compareLsn, formatLsn, lsnDifference, MAX_LSN, parseLsn } from './lsn';

describe('lsn', () => {
  it.each([
    ['0/0', 0n],
    ['0/3000148', 0x3000148n],
    ['0/FFFFFFFF', 0xffffffffn],
    ['1/0', 0x1_0000_0000n],
    ['16/B374D848', 0x16_b374_d848n],
    ['FFFFFFFF/FFFFFFFF', MAX_LSN],
  ])('reads and writes %s', (text, position) => {
    expect(parseLsn(text)).toBe(position);
    expect(formatLsn(position)).toBe(text);
  });

  it('takes the padding of pg_waldump and lower case for the same position', () => {
    expect(canonicalLsn('0/03017fd8')).toBe('0/3017FD8');
    expect(compareLsn('0/03017FD8', '0/3017FD8')).toBe(0);
  });

  it.each(['', '0', '0/', '/0', '0/123456789', '123456789/0', '0x0/1', '0/G', ' 0/1', '0/1\n', '0/1/2', '-1/0'])(
    'refuses %j',
    (text) => {
      expect(() => parseLsn(text)).toThrow(FormatError);
    },
  );

  it('refuses positions beyond 64 bits', () => {
    expect(() => formatLsn(MAX_LSN + 1n)).toThrow(FormatError);
    expect(() => formatLsn(-1n)).toThrow(FormatError);
  });

  it('orders by position, not as text', () => {
    expect(compareLsn('0/9000000', '0/10000000')).toBe(-1);
    expect(compareLsn('A/0', '9/FFFFFFFF')).toBe(1);
    expect(['10/0', '9/0', '0/FF', '0/1000'].sort(compareLsn)).toEqual(['0/FF', '0/1000', '9/0', '10/0']);
  });

  it('counts bytes across the 4 GiB line', () => {
    expect(lsnDifference('1/10', '0/FFFFFFF0')).toBe(0x20n);
    expect(lsnDifference('0/FFFFFFF0', '1/10')).toBe(-0x20n);
  });
});

describe('format error', () => {
  it('names format, text and reason, and shortens only the message', () => {
    const error = new FormatError('LSN', 'x'.repeat(500), 'is too long');
    expect(error).toMatchObject({ name: 'FormatError', format: 'LSN', reason: 'is too long' });
    expect(error.text).toHaveLength(500);
    expect(error.message).toBe(`LSN "${'x'.repeat(120)}…": is too long`);
  });
});

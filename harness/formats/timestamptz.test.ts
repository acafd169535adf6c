import { FormatError } from './format-error';
import { formatMicros, microsTime, utcTime } from './timestamptz';

describe('timestamptz', () => {
  it.each([
    ['1970-01-01 00:00:00+00', 0n],
    ['1970-01-01 00:00:00.000001+00', 1n],
    ['1969-12-31 23:59:59.999999+00', -1n],
    ['2000-02-29 12:00:00+00', 951_825_600_000_000n],
    ['2026-11-21 06:00:09.683175+00', 1_795_240_809_683_175n],
    ['2026-11-21 13:00:09.683175+07', 1_795_240_809_683_175n],
    ['2026-11-21 11:30:09.683175+05:30', 1_795_240_809_683_175n],
    ['2026-11-21 02:30:09.683175-03:30', 1_795_240_809_683_175n],
    ['2026-11-21 06:00:09.683175 UTC', 1_795_240_809_683_175n],
    ['2026-11-21T06:00:09.683175Z', 1_795_240_809_683_175n],
    ['2026-11-21 12:42:13.683175+06:42:04', 1_795_240_809_683_175n],
  ])('%s is %d µs after the epoch', (text, micros) => {
    expect(microsTime(text)).toBe(micros);
  });

  it('reads a fraction whose trailing zeros the server left out', () => {
    expect(utcTime('2026-11-21 11:30:09.69984+05:30')).toBe('2026-11-21 06:00:09.699840+00');
    expect(utcTime('2027-01-01 00:00:00+05:30')).toBe('2026-12-31 18:30:00.000000+00');
  });

  it('agrees with the calendar of JavaScript, day by day over 900 years', () => {
    for (let day = -200_000; day < 130_000; day += 61) {
      const at = new Date(day * 86_400_000 + 12_345_678);
      const text = at.toISOString().replace('T', ' ').replace('Z', '000+00');
      expect(microsTime(text)).toBe(BigInt(at.getTime()) * 1000n);
      expect(formatMicros(BigInt(at.getTime()) * 1000n)).toBe(text);
    }
  });

  it.each([
    '2026-11-21 06:00:09',
    '2026-11-21 06:00:09 ICT',
    '2026-11-21',
    '2026-02-29 00:00:00+00',
    '2026-13-01 00:00:00+00',
    '2026-00-01 00:00:00+00',
    '2026-01-00 00:00:00+00',
    '2026-11-21 24:00:00+00',
    '2026-11-21 00:60:00+00',
    '2026-11-21 00:00:60+00',
    '2026-11-21 00:00:00.1234567+00',
    '0044-03-15 00:00:00+00 BC',
    'infinity',
    '',
  ])('refuses %j', (text) => {
    expect(() => microsTime(text)).toThrow(FormatError);
  });
});

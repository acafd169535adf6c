import { FormatError } from './format-error';
import { parseTargetText } from './target-text';

function reasonOf(text: string): string {
  try {
    parseTargetText(text);
  } catch (error) {
    if (error instanceof FormatError) return error.reason;
    throw error;
  }
  throw new Error(`${text} was read`);
}

describe('targets as people write them', () => {
  it.each([
    ['2026-01-23 12:30:00', '2026-01-23 12:30:00.000000', undefined],
    ['2026-01-23T12:30:00', '2026-01-23 12:30:00.000000', undefined],
    ['2026-01-23 12:30', '2026-01-23 12:30:00.000000', undefined],
    ['2026-1-3 2:05:09', '2026-01-03 02:05:09.000000', undefined],
    ['2026-01-23 12:29:59.500000', '2026-01-23 12:29:59.500000', undefined],
    ['2026-01-23 12:29:59.1', '2026-01-23 12:29:59.100000', undefined],
    ['2026-01-23 12:30:00Z', '2026-01-23 12:30:00.000000', { offset: '+00:00' }],
    ['2026-01-23 12:30:00 UTC', '2026-01-23 12:30:00.000000', { offset: '+00:00' }],
    ['2026-01-23 12:30:00+07', '2026-01-23 12:30:00.000000', { offset: '+07:00' }],
    ['2026-01-23T12:30:00.123456+07:00', '2026-01-23 12:30:00.123456', { offset: '+07:00' }],
    ['2026-01-23 12:30:00-0330', '2026-01-23 12:30:00.000000', { offset: '-03:30' }],
    ['2026-01-23 12:30:00 +5:45', '2026-01-23 12:30:00.000000', { offset: '+05:45' }],
    ['2026-01-23 12:30:00 Asia/Bangkok', '2026-01-23 12:30:00.000000', { name: 'Asia/Bangkok' }],
    ['2026-01-23 12:30:00 America/Port-au-Prince', '2026-01-23 12:30:00.000000', { name: 'America/Port-au-Prince' }],
    ['2026-01-23 12:30:00 EST', '2026-01-23 12:30:00.000000', { name: 'EST' }],
    ['2024-02-29 00:00:00', '2024-02-29 00:00:00.000000', undefined],
    ['time:2026-01-23 12:30:00', '2026-01-23 12:30:00.000000', undefined],
  ])('%s › is a time', (text, clock, zone) => {
    expect(parseTargetText(text)).toEqual({ kind: 'time', clock, ...(zone ? { zone } : {}) });
  });

  it.each([
    ['latest', { kind: 'latest' }],
    [' LATEST ', { kind: 'latest' }],
    ['immediate', { kind: 'immediate' }],
    ['xid:736', { kind: 'xid', xid: '736' }],
    ['xid: 000736', { kind: 'xid', xid: '736' }],
    ['lsn:0/03000148', { kind: 'lsn', lsn: '0/3000148' }],
    ['lsn:a/bc', { kind: 'lsn', lsn: 'A/BC' }],
    ['name:before release: 2', { kind: 'name', name: 'before release: 2' }],
  ])('%s › is read', (text, target) => expect(parseTargetText(text)).toEqual(target));

  it.each([
    ['2026-02-29 12:00:00', 'there is no such day: February 2026 has 28 days'],
    ['2026-04-31 12:00:00', 'there is no such day: April 2026 has 30 days'],
    ['2026-13-01 12:00:00', 'there is no month 13'],
    ['2026-01-23 24:00:00', 'there is no hour 24: a day has the hours 00 to 23'],
    ['2026-01-23 12:60', 'there is no minute 60: an hour has the minutes 00 to 59'],
    ['2026-01-23 12:30:60', 'there is no second 60: a minute has the seconds 00 to 59'],
    ['2026-01-23 12:30:00.1234567', 'PostgreSQL keeps microseconds: six digits behind the point, not 7'],
    ['2026-01-23', 'it has no time of day: write 2026-01-23 00:00:00 if midnight is meant'],
    ['2026-01-23 12:30:00+16', 'no zone is +16 away from UTC: at most 15:59:59'],
    ['lsn:0/3Z', 'an LSN is two hexadecimal numbers of up to 8 digits, such as lsn:0/3000148'],
    ['xid:2', 'a transaction id is a whole number from 3 on, such as xid:736'],
    ['name:', "a restore point's name has 1 to 63 bytes, and this one has 0"],
    ['0/3000148', 'an LSN is written lsn:0/3000148'],
    ['736', 'a transaction id is written xid:736; a time has its date'],
  ])('%s › is refused with the reason', (text, reason) => expect(reasonOf(text)).toBe(reason));

  it.each(['yesterday', 'now', '', '12:30:00', '23.01.2026 12:30', '2026/01/23 12:30:00'])(
    '%s › is refused with the forms that there are',
    (text) => expect(reasonOf(text)).toContain('expected a time such as'),
  );

  it('a zone as POSIX writes it › is refused: its sign is the other way round', () => {
    expect(reasonOf('2026-01-23 12:30:00 UTC+7')).toBe(
      'in PostgreSQL UTC+7 lies west of Greenwich: write the zone as +07 if that is what you mean',
    );
    expect(reasonOf('2026-01-23 12:30:00 GMT-3')).toContain('east of Greenwich');
  });

  it('what is no zone › is named', () => {
    expect(reasonOf('2026-01-23 12:30:00,5')).toContain('",5" behind the time is no zone');
    expect(reasonOf('2026-01-23 12:30:00 +7 hours')).toContain('"+7 hours" behind the time is no zone');
  });
});

import { PgdrillError } from '../../record/errors';
import { zoneInConfig, zoneInSettings } from './source-zone';
import { oneMoment } from './target-moment';
import { momentsByTable } from './zone-moments';

describe('moments of a zone, by the table of this machine', () => {
  it.each([
    ['2026-01-23 12:30:00.123456', 'Asia/Bangkok', ['2026-01-23 05:30:00.123456+00']],
    ['2026-01-23 12:30:00.000000', 'UTC', ['2026-01-23 12:30:00.000000+00']],
    ['2026-07-01 00:10:00.000000', 'Europe/Berlin', ['2026-06-30 22:10:00.000000+00']],
    // Half an hour of daylight saving.
    [
      '2026-04-05 01:45:00.000000',
      'Australia/Lord_Howe',
      ['2026-04-04 14:45:00.000000+00', '2026-04-04 15:15:00.000000+00'],
    ],
    // Put back at 03:00: shown twice.
    ['2026-10-25 02:30:00.000000', 'Europe/Berlin', ['2026-10-25 00:30:00.000000+00', '2026-10-25 01:30:00.000000+00']],
    // Put forward at 02:00: never shown.
    ['2026-03-29 02:30:00.000000', 'Europe/Berlin', []],
  ])('%s %s', (clock, zone, moments) => expect(momentsByTable(clock, zone).moments).toEqual(moments));

  it('an unknown zone › is a RangeError', () => {
    expect(() => momentsByTable('2026-01-23 12:30:00.000000', 'Mars/Base')).toThrow(RangeError);
  });
});

describe('the one moment', () => {
  const of = (clock: string, zone: string) => oneMoment(clock, zone, momentsByTable(clock, zone));
  const refusal = (clock: string, zone: string): PgdrillError => {
    try {
      of(clock, zone);
    } catch (error) {
      if (error instanceof PgdrillError) return error;
      throw error;
    }
    throw new Error('was not refused');
  };

  it('is taken where there is one', () => {
    expect(of('2026-10-25 03:30:00.000000', 'Europe/Berlin')).toBe('2026-10-25 02:30:00.000000+00');
  });

  it('a time that no clock showed › is refused with the two that are near', () => {
    expect(refusal('2026-03-29 02:30:00.000000', 'Europe/Berlin')).toMatchObject({
      code: 'PGDRILL_TARGET_INVALID',
      cure: "write the time with its distance from UTC: '2026-03-29 02:30:00.000000+02:00' or '2026-03-29 02:30:00.000000+01:00'",
    });
  });

  it('a time that was shown twice › is refused with both', () => {
    expect(refusal('2026-10-25 02:30:00.000000', 'Europe/Berlin')).toMatchObject({
      code: 'PGDRILL_TARGET_AMBIGUOUS',
      cure: "write which of the two is meant: '2026-10-25 02:30:00.000000+02:00' or '2026-10-25 02:30:00.000000+01:00'",
    });
    expect(refusal('2026-11-01 01:59:59.900000', 'America/St_Johns').cure).toContain(
      "'2026-11-01 01:59:59.900000-02:30'",
    );
  });
});

describe('the zone of a cluster without a server', () => {
  it("is in Patroni's configuration, whatever the case of its name", () => {
    expect(zoneInConfig('{"postgresql":{"parameters":{"TimeZone":"Asia/Bangkok"}}}')).toBe('Asia/Bangkok');
    expect(zoneInConfig('{"loop_wait":1}')).toBeUndefined();
    expect(zoneInConfig(undefined)).toBeUndefined();
  });

  it('is the last one of a configuration file', () => {
    expect(
      zoneInSettings("timezone = 'UTC'\n#timezone = 'GMT'\nTimeZone='Asia/Bangkok'  # set\nlog_timezone = UTC\n"),
    ).toBe('Asia/Bangkok');
    expect(zoneInSettings('timezone Etc/UTC\n')).toBe('Etc/UTC');
    expect(zoneInSettings("log_timezone = 'UTC'\n")).toBeUndefined();
  });
});

import { FormatError } from './format-error';

/**
 * Points in time as PostgreSQL writes them, kept to the microsecond: JavaScript's own dates stop at the millisecond,
 * and thousands of commits share one. PostgreSQL documentation, 8.5.2 "Date/Time Output" (DateStyle ISO).
 */
const TIME =
  /^(\d{4,6})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))? ?(?:(Z|UTC|GMT)|([+-])(\d{2})(?::?(\d{2})(?::?(\d{2}))?)?)$/;

const MICROS_PER_SECOND = 1_000_000n;
const SECONDS_PER_DAY = 86_400n;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Microseconds since 1970-01-01 00:00:00 UTC of a timestamptz text such as `2026-11-21 11:30:09.69984+05:30`. Trailing
 * zeros of the fraction may be missing, as the server leaves them out.
 * @throws FormatError when it is no ISO timestamp, or has no zone: without one it means another moment on every server
 */
export function microsTime(text: string): bigint {
  const match = TIME.exec(text);
  if (!match) throw new FormatError('timestamp', text, 'expected an ISO date and time with a numeric zone, UTC or Z');
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const monthDays = (MONTH_DAYS[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);
  if (day < 1 || day > monthDays || hour > 23 || minute > 59 || second > 59) {
    throw new FormatError('timestamp', text, 'no such day or time of day');
  }
  const fraction = BigInt((match[7] ?? '').padEnd(6, '0'));
  const sinceMidnight = BigInt(
    hour * 3600 + minute * 60 + second - zoneSeconds(match[9], match[10], match[11], match[12]),
  );
  return (daysSinceEpoch(year, month, day) * SECONDS_PER_DAY + sinceMidnight) * MICROS_PER_SECOND + fraction;
}

/** Microseconds since the epoch as text in UTC, always with six digits: `2026-11-21 06:00:09.699840+00`. */
export function formatMicros(micros: bigint): string {
  const seconds = floorDivide(micros, MICROS_PER_SECOND);
  const fraction = micros - seconds * MICROS_PER_SECOND;
  const days = floorDivide(seconds, SECONDS_PER_DAY);
  const ofDay = Number(seconds - days * SECONDS_PER_DAY);
  const { year, month, day } = dateOfDays(days);
  if (year < 1) throw new FormatError('timestamp', String(micros), 'lies before year 1');
  const date = `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
  const clock = `${digits(Math.floor(ofDay / 3600), 2)}:${digits(Math.floor(ofDay / 60) % 60, 2)}:${digits(ofDay % 60, 2)}`;
  return `${date} ${clock}.${digits(Number(fraction), 6)}+00`;
}

/** The same moment in UTC with six digits, so that equal moments are equal texts. */
export function utcTime(text: string): string {
  return formatMicros(microsTime(text));
}

function zoneSeconds(sign?: string, hours = '0', minutes = '0', seconds = '0'): number {
  const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -offset : offset;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar; years begin in March so that the leap day comes last. */
function daysSinceEpoch(year: number, month: number, day: number): bigint {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return BigInt(era * 146_097 + dayOfEra - 719_468);
}

function dateOfDays(days: bigint): { year: number; month: number; day: number } {
  const shifted = Number(days) + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1 };
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value < 0n && quotient * by !== value ? quotient - 1n : quotient;
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

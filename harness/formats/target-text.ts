import { FormatError } from './format-error';
import { canonicalLsn } from './lsn';

/**
 * Where a recovery shall stop, as a person writes it on a command line: a time, `latest`, `immediate`, `xid:…`, `lsn:…`
 * or `name:…`. What a time without a zone means is for others to say: the source cluster's `TimeZone`, never the host's.
 */
export type WrittenTarget =
  | { kind: 'time'; clock: string; zone?: WrittenZone }
  | { kind: 'lsn'; lsn: string }
  | { kind: 'xid'; xid: string }
  | { kind: 'name'; name: string }
  | { kind: 'immediate' }
  | { kind: 'latest' };

/** A zone as it was written: a distance from UTC such as `+07:00`, or a name such as `Asia/Bangkok`. */
export type WrittenZone = { offset: string } | { name: string };

const FORMS =
  "expected a time such as '2026-01-23 12:30:00.123456+07', or latest, immediate, xid:736, lsn:0/3000148, name:before-release";

const TIME = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[ T]|\s+)(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?)?\s*(.*)$/;
const OFFSET = /^([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/;
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_]*(?:[/+-][A-Za-z0-9_+-]+)*$/;
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** PostgreSQL's MAX_TZDISP_HOUR: a zone is less than 16 hours away from UTC. */
const MOST_HOURS = 15;
/** PostgreSQL's MAXFNAMELEN, less the byte that ends it. */
const MAX_NAME_BYTES = 63;

/**
 * Reads a target. Whether it can be reached is another question.
 * @returns a time's clock as `YYYY-MM-DD HH:MM:SS.ffffff`, its zone apart
 * @throws FormatError with the reason and what to write instead
 */
export function parseTargetText(text: string): WrittenTarget {
  const trimmed = text.trim();
  const prefixed = /^(xid|lsn|name|time):(.*)$/is.exec(trimmed);
  if (prefixed) return withPrefix(text, prefixed[1]!.toLowerCase(), prefixed[2]!.trim());
  if (/^latest$/i.test(trimmed)) return { kind: 'latest' };
  if (/^immediate$/i.test(trimmed)) return { kind: 'immediate' };
  if (trimmed === '') throw unreadable(text, `it is empty; ${FORMS}`);
  if (/^[0-9A-F]+\/[0-9A-F]+$/i.test(trimmed)) throw unreadable(text, `an LSN is written lsn:${trimmed}`);
  if (/^\d+$/.test(trimmed)) throw unreadable(text, `a transaction id is written xid:${trimmed}; a time has its date`);
  return timeOf(text, trimmed);
}

function withPrefix(text: string, prefix: string, rest: string): WrittenTarget {
  switch (prefix) {
    case 'lsn':
      try {
        return { kind: 'lsn', lsn: canonicalLsn(rest) };
      } catch {
        throw unreadable(text, 'an LSN is two hexadecimal numbers of up to 8 digits, such as lsn:0/3000148');
      }
    case 'xid':
      if (!/^\d+$/.test(rest) || BigInt(rest) < 3n)
        throw unreadable(text, 'a transaction id is a whole number from 3 on, such as xid:736');
      return { kind: 'xid', xid: String(BigInt(rest)) };
    case 'name': {
      const bytes = new TextEncoder().encode(rest).length;
      if (bytes === 0 || bytes > MAX_NAME_BYTES)
        throw unreadable(text, `a restore point's name has 1 to ${MAX_NAME_BYTES} bytes, and this one has ${bytes}`);
      return { kind: 'name', name: rest };
    }
    default:
      return timeOf(text, rest);
  }
}

function timeOf(text: string, trimmed: string): WrittenTarget {
  const match = TIME.exec(trimmed);
  if (!match) throw unreadable(text, FORMS);
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  refuseNoSuchDay(text, year, month, day);
  if (match[4] === undefined)
    throw unreadable(text, `it has no time of day: write ${date(year, month, day)} 00:00:00 if midnight is meant`);
  const [hour, minute, second] = [match[4], match[5], match[6] ?? '0'].map(Number) as [number, number, number];
  if (hour > 23) throw unreadable(text, `there is no hour ${hour}: a day has the hours 00 to 23`);
  if (minute > 59) throw unreadable(text, `there is no minute ${minute}: an hour has the minutes 00 to 59`);
  if (second > 59) throw unreadable(text, `there is no second ${second}: a minute has the seconds 00 to 59`);
  const fraction = match[7] ?? '';
  if (fraction.length > 6)
    throw unreadable(text, `PostgreSQL keeps microseconds: six digits behind the point, not ${fraction.length}`);
  const clock = `${date(year, month, day)} ${two(hour)}:${two(minute)}:${two(second)}.${fraction.padEnd(6, '0')}`;
  const zone = zoneOf(text, match[8]!.trim());
  return { kind: 'time', clock, ...(zone ? { zone } : {}) };
}

function refuseNoSuchDay(text: string, year: number, month: number, day: number): void {
  if (year === 0) throw unreadable(text, 'there is no year 0');
  if (month < 1 || month > 12) throw unreadable(text, `there is no month ${month}`);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && leap ? 29 : MONTH_DAYS[month - 1]!;
  if (day >= 1 && day <= days) return;
  throw unreadable(text, `there is no such day: ${MONTHS[month - 1]} ${year} has ${days} days`);
}

function zoneOf(text: string, written: string): WrittenZone | undefined {
  if (written === '') return undefined;
  if (/^(Z|UTC|GMT)$/i.test(written)) return { offset: '+00:00' };
  const offset = OFFSET.exec(written);
  if (offset) {
    const [hours, minutes, seconds] = [offset[2], offset[3] ?? '0', offset[4] ?? '0'].map(Number) as [
      number,
      number,
      number,
    ];
    if (hours > MOST_HOURS || minutes > 59 || seconds > 59)
      throw unreadable(text, `no zone is ${written} away from UTC: at most ${MOST_HOURS}:59:59`);
    return { offset: `${offset[1]}${two(hours)}:${two(minutes)}${seconds > 0 ? `:${two(seconds)}` : ''}` };
  }
  // POSIX counts westwards: PostgreSQL takes UTC+7 for seven hours WEST of Greenwich (documentation, B.5).
  const posix = /^(?:UTC|GMT)([+-])(\d.*)$/i.exec(written);
  if (posix)
    throw unreadable(
      text,
      `in PostgreSQL ${written} lies ${posix[1] === '+' ? 'west' : 'east'} of Greenwich: write the zone as ${posix[1]}${posix[2]!.padStart(2, '0')} if that is what you mean`,
    );
  if (ZONE_NAME.test(written)) return { name: written };
  throw unreadable(
    text,
    `"${written}" behind the time is no zone: write +07, +07:00, Z or a name such as Asia/Bangkok; or check the time before it`,
  );
}

const two = (value: number) => String(value).padStart(2, '0');
const date = (year: number, month: number, day: number) => `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;

function unreadable(text: string, reason: string): FormatError {
  return new FormatError('target', text, reason);
}

import { utcTime } from './timestamptz';

/** One message of a server, as it stands in its log: the first line only; details and statements follow it. */
export interface LogLine {
  /** UTC with six digits, from the `%m` or `%t` of log_line_prefix. */
  at: string;
  severity: 'LOG' | 'WARNING' | 'ERROR' | 'FATAL' | 'PANIC';
  message: string;
  /** The line as the server wrote it. */
  line: string;
}

/**
 * `log_line_prefix` begins with the time (`%m`, `%t`); then whatever it has up to the severity, which two spaces follow
 * (PostgreSQL documentation, 20.8.3 "What to Log"; `send_message_to_server_log` in elog.c). An application's name may
 * stand in the prefix, so that the first severity of the line is the server's own.
 */
const LINE =
  /^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})? (?:[A-Z]{1,5}|[+-]\d{2}(?::?\d{2})?)) .*?\b(LOG|WARNING|ERROR|FATAL|PANIC|DEBUG\d?|INFO|NOTICE|DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION|BACKTRACE): {2}(.*)$/;
const OWN: readonly string[] = ['LOG', 'WARNING', 'ERROR', 'FATAL', 'PANIC'];

/** What a LOG line must be about to be kept: recovery, branches, damage, and what the server could not do. */
const TELLING =
  /\brecover|\bredo\b|\bconsisten|promot|timeline|checksum|invalid page|verification failed|\bcould not\b|corrupt|shut ?down|terminated|ready to accept|invalid (?:record|magic|resource|contrecord)|incorrect (?:prev|resource)|crash|entering standby|streaming WAL|divergen|not part of|too old|archive command failed|panic/i;

/** Names its reason ("shutdown", "end-of-recovery"), and is no more than a checkpoint. */
const ROUTINE = /^(?:checkpoint|restartpoint) (?:starting|complete)/;

/**
 * The messages of a server log written to stderr, oldest first, that tell of trouble or of a recovery: WARNING, ERROR,
 * FATAL, PANIC, and LOG lines about recovery, promotion, timelines, checksums and the like. Lines whose time has a zone
 * that is no number, UTC or GMT are left out: an abbreviation means another moment on every server.
 */
export function tellingLines(log: string): LogLine[] {
  const lines: LogLine[] = [];
  for (const line of log.split('\n')) {
    const [, time, severity, message = ''] = LINE.exec(line) ?? [];
    if (time === undefined || severity === undefined || !OWN.includes(severity)) continue;
    if (severity === 'LOG' && (!TELLING.test(message) || ROUTINE.test(message))) continue;
    const at = timeOf(time);
    if (at !== undefined) lines.push({ at, severity: severity as LogLine['severity'], message, line });
  }
  return lines;
}

/**
 * The first and the last of many, with one line between that says how many are left out: how trouble began and how it
 * ended are what a person reads a log for. Of a message that comes again and again (a standby that knocks every 250 ms)
 * the first and the last go before all others.
 * @param most lines kept in all, at least 3
 */
export function cutInTheMiddle(lines: readonly LogLine[], most: number): Pick<LogLine, 'at' | 'line'>[] {
  const kept = lines.length <= most ? lines : firstAndLastOfEach(lines);
  const shown = kept.map(({ at, line }) => ({ at, line }));
  if (shown.length <= most) return shown;
  const head = Math.ceil((most - 1) / 2);
  const tail = most - 1 - head;
  const left = shown.slice(head, shown.length - tail);
  const note = { at: left[0]?.at ?? '', line: `… ${left.length} lines left out …` };
  return [...shown.slice(0, head), note, ...shown.slice(shown.length - tail)];
}

function firstAndLastOfEach(lines: readonly LogLine[]): LogLine[] {
  const words = ({ severity, message }: LogLine): string => `${severity} ${message}`;
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    if (!first.has(words(line))) first.set(words(line), index);
    last.set(words(line), index);
  }
  return lines.filter((line, index) => first.get(words(line)) === index || last.get(words(line)) === index);
}

function timeOf(text: string): string | undefined {
  try {
    return utcTime(text);
  } catch {
    return undefined;
  }
}

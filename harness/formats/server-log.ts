import { canonicalLsn } from './lsn';
import { utcTime } from './timestamptz';

/** Where a recovery stopped, in the server's own words. Times are in UTC with six digits. */
export type LoggedStop =
  | { kind: 'transaction'; when: 'before' | 'after'; end: 'commit' | 'abort'; xid: string; time: string }
  | { kind: 'lsn'; when: 'before' | 'after'; lsn: string }
  | { kind: 'name'; name: string; time: string }
  | { kind: 'immediate' };

/** What one recovery wrote into the server log. Null or false where it said nothing. */
export interface LoggedRecovery {
  /** the words of its beginning, e.g. `starting point-in-time recovery to XID 728` */
  start: string;
  redoStartLsn: string | null;
  consistentLsn: string | null;
  stop: LoggedStop | null;
  /** The last record read: after a stop "before" it is the stop record, which was not replayed. */
  redoDoneLsn: string | null;
  /**
   * Time of the last commit or abort replayed, but the one before it after a stop "after WAL location": PostgreSQL 15 does
   * not note the time of a record at which an inclusive LSN stops.
   */
  lastCompletedTime: string | null;
  newTimeline: number | null;
  complete: boolean;
  /** "recovery ended before configured recovery target was reached": the server does not start */
  endedBeforeTarget: boolean;
}

const SEVERITY =
  /^.*?\b(?:DEBUG|INFO|NOTICE|WARNING|ERROR|(LOG|FATAL|PANIC)|DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION|BACKTRACE): {2}(.*)$/;
const START =
  /^(starting (point-in-time|archive) recovery|entering standby mode|database system was not properly shut down; automatic recovery)/;

/**
 * Finds every recovery in a server log written to stderr (not csvlog, not jsonlog) with lc_messages C or English, in the
 * order of the log. A log may hold several: each start of a standby is one. Words in statements, details and
 * continuation lines are not the server's own and are left out.
 * @throws FormatError when a recognised message has an LSN or a time that cannot be read
 */
export function parseRecoveries(log: string): LoggedRecovery[] {
  const recoveries: LoggedRecovery[] = [];
  for (const line of log.split('\n')) {
    if (line.startsWith('\t')) continue;
    const match = SEVERITY.exec(line);
    const message = match?.[1] === undefined ? undefined : match[2];
    if (message === undefined) continue;
    if (START.test(message)) recoveries.push(begun(message));
    const current = recoveries.at(-1);
    if (current) note(current, message);
  }
  return recoveries;
}

/** The last recovery of a log, or null when there is none. */
export function lastRecovery(log: string): LoggedRecovery | null {
  return parseRecoveries(log).at(-1) ?? null;
}

function begun(start: string): LoggedRecovery {
  return {
    start,
    redoStartLsn: null,
    consistentLsn: null,
    stop: null,
    redoDoneLsn: null,
    lastCompletedTime: null,
    newTimeline: null,
    complete: false,
    endedBeforeTarget: false,
  };
}

function note(recovery: LoggedRecovery, message: string): void {
  const [, words, value = ''] =
    /^(redo starts at|redo done at|consistent recovery state reached at|selected new timeline ID:) (\S+)/.exec(
      message,
    ) ?? [];
  if (words === 'redo starts at') recovery.redoStartLsn = canonicalLsn(value);
  else if (words === 'redo done at') recovery.redoDoneLsn = canonicalLsn(value);
  else if (words === 'consistent recovery state reached at') recovery.consistentLsn = canonicalLsn(value);
  else if (words === 'selected new timeline ID:') recovery.newTimeline = Number(value);
  else if (message === 'archive recovery complete') recovery.complete = true;
  else if (message === 'recovery ended before configured recovery target was reached')
    recovery.endedBeforeTarget = true;
  else if (message.startsWith('recovery stopping ')) recovery.stop = stopIn(message) ?? recovery.stop;
  else {
    const completed = /^last completed transaction was at log time (.+)$/.exec(message)?.[1];
    if (completed !== undefined) recovery.lastCompletedTime = utcTime(completed);
  }
}

function stopIn(message: string): LoggedStop | null {
  const ended = /^recovery stopping (before|after) (commit|abort) of transaction (\d+), time (.+)$/.exec(message);
  if (ended) {
    const [, when, end, xid = '', time = ''] = ended;
    return { kind: 'transaction', when: side(when), end: end === 'commit' ? end : 'abort', xid, time: utcTime(time) };
  }
  const located = /^recovery stopping (before|after) WAL location \(LSN\) "([^"]+)"$/.exec(message);
  if (located) return { kind: 'lsn', when: side(located[1]), lsn: canonicalLsn(located[2] ?? '') };
  // A restore point's name may hold quotes: the last `", time` ends it.
  const named = /^recovery stopping at restore point "(.*)", time (.+)$/.exec(message);
  if (named) return { kind: 'name', name: named[1] ?? '', time: utcTime(named[2] ?? '') };
  return message === 'recovery stopping after reaching consistency' ? { kind: 'immediate' } : null;
}

function side(word: string | undefined): 'before' | 'after' {
  return word === 'before' ? 'before' : 'after';
}

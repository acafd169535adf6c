import { lastRecovery, type LoggedRecovery, type LoggedStop } from '../formats/server-log';

/**
 * PostgreSQL's own words about a recovery's end, from lines with or without their prefix. A log has a beginning of each
 * recovery, a handful of saved lines may not.
 * @throws FormatError when a time or LSN in them cannot be read
 */
export function stopWords(lines: readonly string[]): LoggedRecovery | null {
  const log = lines.map((line) => (/\b(LOG|FATAL|PANIC): {2}/.test(line) ? line : `LOG:  ${line}`)).join('\n');
  return lastRecovery(`LOG:  starting archive recovery\n${log}`);
}

/** A stop in the words of the server's log. */
export function inWords(stop: LoggedStop): string {
  switch (stop.kind) {
    case 'transaction':
      return `stopping ${stop.when} ${stop.end} of transaction ${stop.xid}, time ${stop.time}`;
    case 'lsn':
      return `stopping ${stop.when} WAL location (LSN) "${stop.lsn}"`;
    case 'name':
      return `stopping at restore point "${stop.name}"`;
    case 'immediate':
      return 'stopping after reaching consistency';
  }
}

import { canonicalLsn } from './lsn';
import { utcTime } from './timestamptz';

/** Why a timeline ended, as the third column of a history file tells it. */
export type HistoryReason =
  | { kind: 'time'; when: 'before' | 'after'; time: string }
  | { kind: 'xid'; when: 'before' | 'after'; xid: string }
  | { kind: 'lsn'; when: 'before' | 'after'; lsn: string }
  | { kind: 'name'; name: string }
  | { kind: 'immediate' }
  | { kind: 'none' }
  | { kind: 'unknown'; text: string };

/**
 * Reads the reason of a timeline switch (getRecoveryStopReason in PostgreSQL's xlogrecovery.c): a second source, beside
 * the server's log, for where a recovery stopped. `time` is the stop record's own time, in UTC; `none` is what every
 * ordinary promotion writes, and `latest` too; any other text, which a person may have written, is `unknown`.
 */
export function parseHistoryReason(text: string): HistoryReason {
  const reason = text.trim();
  if (reason === 'no recovery target specified') return { kind: 'none' };
  if (reason === 'reached consistency') return { kind: 'immediate' };
  const name = /^at restore point "(.*)"$/.exec(reason);
  if (name) return { kind: 'name', name: name[1] ?? '' };
  const stop =
    /^(before|after) (?:(transaction) (\d+)|(LSN) ([0-9A-F]+\/[0-9A-F]+)|(\d{4,}-\d\d-\d\d [\d:.]+[+-][\d:]+))$/.exec(
      reason,
    );
  if (!stop) return { kind: 'unknown', text: reason };
  const when = stop[1] === 'before' ? 'before' : 'after';
  if (stop[2]) return { kind: 'xid', when, xid: stop[3] ?? '' };
  if (stop[4]) return { kind: 'lsn', when, lsn: canonicalLsn(stop[5] ?? '') };
  return { kind: 'time', when, time: utcTime(stop[6] ?? '') };
}

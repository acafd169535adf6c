import { compareLsn } from './lsn';
import { microsTime } from './timestamptz';
import { endsTransaction, restorePointName, type WalRecord } from './waldump';

/**
 * Where a recovery is told to stop. `inclusive` is recovery_target_inclusive and true by default, as in PostgreSQL
 * (documentation, 20.5.6 "Recovery Target"). `immediate` needs to be told where consistency is reached: at the backup's
 * end. `latest` is no target: everything that the WAL holds.
 */
export type RecoveryTarget =
  | { kind: 'time'; time: string; inclusive?: boolean }
  | { kind: 'xid'; xid: string; inclusive?: boolean }
  | { kind: 'lsn'; lsn: string; inclusive?: boolean }
  | { kind: 'name'; name: string }
  | { kind: 'immediate'; consistentLsn: string }
  | { kind: 'latest' };

/** Whether recovery ends before the record is replayed, or after. */
export type StopRule = 'stop-before' | 'stop-after';

/** The record at which recovery stops: its index in the list that was asked about. */
export interface Stop {
  rule: StopRule;
  index: number;
}

/**
 * What PostgreSQL does on meeting one record: recoveryStopsBefore() and recoveryStopsAfter() of its xlogrecovery.c. Time
 * and xid look at commits and aborts only; a time is compared with the record's own time, at equality an inclusive target
 * goes on and an exclusive one stops. An LSN is compared with the start of every record. An xid must be equal:
 * transactions do not end in the order of their numbers.
 * @returns null when replay goes on
 * @throws FormatError when the target's time or LSN cannot be read
 */
export function stopRule(target: RecoveryTarget, record: WalRecord): StopRule | null {
  switch (target.kind) {
    case 'latest':
      return null;
    case 'immediate':
      // Just after the consistent point is the same place as just before the first record from there on.
      return compareLsn(record.lsn, target.consistentLsn) >= 0 ? 'stop-before' : null;
    case 'lsn':
      return compareLsn(record.lsn, target.lsn) >= 0 ? beforeOrAfter(target.inclusive) : null;
    case 'name':
      return restorePointName(record) === target.name ? 'stop-after' : null;
    case 'xid':
      if (!record.transaction || !endsTransaction(record)) return null;
      return record.transaction.xid === target.xid ? beforeOrAfter(target.inclusive) : null;
    case 'time': {
      if (!record.transaction || !endsTransaction(record)) return null;
      const ahead = microsTime(record.transaction.time) - microsTime(target.time);
      return ahead > 0n || (ahead === 0n && target.inclusive === false) ? 'stop-before' : null;
    }
  }
}

/**
 * The record at which recovery stops, or null when it meets none (PostgreSQL then ends with "recovery ended before
 * configured recovery target was reached"; `latest` always gives null).
 * @param records of one branch in WAL order. Commits and aborts are enough, save for `name`, which needs the XLOG
 * records too. Where records were left out the stop is the first listed one at or after the true one, with `stop-before`
 * when the true one lies earlier: the link to the record before tells.
 */
export function stopOf(target: RecoveryTarget, records: readonly WalRecord[]): Stop | null {
  for (const [index, record] of records.entries()) {
    const rule = stopRule(target, record);
    if (!rule) continue;
    const passedEarlier = target.kind === 'lsn' && compareLsn(record.prev, target.lsn) >= 0;
    return { rule: passedEarlier ? 'stop-before' : rule, index };
  }
  return null;
}

/**
 * Index of the boundary: the first commit or abort that recovery to this target does not replay. Everything before it
 * must be there afterwards, nothing from it on. `records.length` when all of them are replayed.
 * @param records as for `stopOf`
 * @returns null when the target is never reached, so that recovery fails
 */
export function boundaryOf(target: RecoveryTarget, records: readonly WalRecord[]): number | null {
  if (target.kind === 'latest') return records.length;
  const stop = stopOf(target, records);
  if (!stop) return null;
  const firstLeftOut = stop.rule === 'stop-before' ? stop.index : stop.index + 1;
  for (let index = firstLeftOut; index < records.length; index += 1) {
    const record = records[index];
    if (record && endsTransaction(record)) return index;
  }
  return records.length;
}

function beforeOrAfter(inclusive: boolean | undefined): StopRule {
  return inclusive === false ? 'stop-before' : 'stop-after';
}

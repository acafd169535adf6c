import { formatIntervals, fromNumbers } from '../../formats/intervals';
import { boundaryOf, type RecoveryTarget as StopTarget } from '../../formats/recovery-target';
import { microsTime } from '../../formats/timestamptz';
import { endsTransaction, type WalRecord } from '../../formats/waldump';
import type { LedgerEvidence, WalCommit } from '../../record/evidence';
import type { Boundary, RecoveryTarget } from '../../record/recovery';
import type { LedgerEntry } from './entry';

export interface SplitInput {
  writers: number;
  entries: readonly LedgerEntry[];
  /** Transaction records of the target's timeline, in WAL order. */
  records: readonly WalRecord[];
  target: RecoveryTarget;
  targetTimeline: number;
  /** Where the backup becomes consistent; without it nothing can be placed for `immediate`. */
  consistentLsn?: string | undefined;
  /** When every member was proven to refuse writes; undefined when no fence was made. */
  fencedAt?: string | undefined;
}

/** Commits kept on either side of the boundary, so that a check can apply the stop rule again. */
const AROUND = 20;

/**
 * Splits the ledger by the order of commits in the WAL. The client cannot tell that order: timestamps and xids go
 * backwards among concurrent clients. The boundary is the first commit or abort that recovery to the target leaves out.
 * Pure.
 */
export function splitLedger(input: SplitInput): LedgerEvidence {
  const target = stopTarget(input);
  const ends = target ? input.records.filter(endsTransaction) : [];
  const index = (target && boundaryOf(target, ends)) ?? ends.length;
  const position = new Map(ends.map((record, at) => [record.transaction!.xid, at]));
  const sets = {
    before: [] as number[],
    discardedBefore: [] as number[],
    discardedDuring: [] as number[],
    resumed: [] as number[],
    indeterminate: [] as number[],
    unplaced: [] as number[],
  };
  const fence = input.fencedAt === undefined ? undefined : microsTime(input.fencedAt);
  let lastAcknowledgedBeforeFence: string | undefined;
  let firstResumedAck: string | undefined;
  for (const entry of input.entries) {
    if (entry.state === 'failed') continue;
    if (entry.state === 'indeterminate' || entry.acknowledgedAt === undefined) {
      sets.indeterminate.push(entry.seq);
      continue;
    }
    if ((entry.timeline ?? 0) > input.targetTimeline) {
      sets.resumed.push(entry.seq);
      firstResumedAck = earlier(firstResumedAck, entry.acknowledgedAt);
      continue;
    }
    const late = fence !== undefined && microsTime(entry.acknowledgedAt) > fence;
    if (!late) lastAcknowledgedBeforeFence = later(lastAcknowledgedBeforeFence, entry.acknowledgedAt);
    const at =
      entry.timeline === input.targetTimeline && entry.xid !== undefined
        ? position.get(shortXid(entry.xid))
        : undefined;
    if (at === undefined) sets.unplaced.push(entry.seq);
    else if (at < index) sets.before.push(entry.seq);
    else sets[late ? 'discardedDuring' : 'discardedBefore'].push(entry.seq);
  }
  const text = (numbers: number[]) => formatIntervals(fromNumbers(numbers));
  const boundary = boundaryAt(ends, index, input.targetTimeline);
  const lastCommit = ends.slice(0, index).findLast((record) => record.transaction!.action.startsWith('COMMIT'));
  return {
    writers: input.writers,
    sent: input.entries.length,
    acknowledged: input.entries.filter((entry) => entry.state === 'acknowledged').length,
    before: text(sets.before),
    discardedBefore: text(sets.discardedBefore),
    discardedDuring: text(sets.discardedDuring),
    resumed: text(sets.resumed),
    indeterminate: text(sets.indeterminate),
    unplaced: text(sets.unplaced),
    ...(boundary ? { boundary } : {}),
    around: ends.slice(Math.max(0, index - AROUND), index + AROUND).map(commitOf),
    ...(lastAcknowledgedBeforeFence === undefined ? {} : { lastAcknowledgedBeforeFence }),
    ...(lastCommit === undefined ? {} : { lastRecovered: lastCommit.transaction!.time }),
    ...(firstResumedAck === undefined ? {} : { firstResumedAck }),
    ...(boundary ? { tiesAtBoundary: ends.filter((record) => record.transaction!.time === boundary.time).length } : {}),
  };
}

/** The target by which the WAL is judged: an xid in the 32 bits that records carry; undefined when it names no place. */
function stopTarget({ target, consistentLsn }: SplitInput): StopTarget | undefined {
  if (target.kind === 'xid') return { ...target, xid: shortXid(target.xid) };
  if (target.kind !== 'immediate') return target;
  return consistentLsn === undefined ? undefined : { kind: 'immediate', consistentLsn };
}

/** A transaction's end as it is kept in evidence. */
export function commitOf(record: WalRecord): WalCommit {
  const { xid, time, action } = record.transaction!;
  return { lsn: record.lsn, xid, time, record: action };
}

function boundaryAt(ends: readonly WalRecord[], index: number, timeline: number): Boundary | undefined {
  const record = ends[index];
  if (!record) return undefined;
  const kept = ends.slice(0, index).findLast((item) => item.transaction!.action.startsWith('COMMIT'));
  const { record: action, ...place } = commitOf(record);
  const lastKept = kept && { lsn: kept.lsn, xid: kept.transaction!.xid, time: kept.transaction!.time };
  return { timeline, ...place, record: action, ...(lastKept ? { lastKept } : {}) };
}

/** The 32 bits of a 64-bit transaction id that WAL records carry. */
function shortXid(xid: string): string {
  return String(BigInt(xid) & 0xffffffffn);
}

function earlier(a: string | undefined, b: string): string {
  return a === undefined || microsTime(b) < microsTime(a) ? b : a;
}

function later(a: string | undefined, b: string): string {
  return a === undefined || microsTime(b) > microsTime(a) ? b : a;
}

import { compareLsn } from '../formats/lsn';
import { boundaryOf } from '../formats/recovery-target';
import type { HistoryReason } from '../formats/history-reason';
import type { LoggedStop } from '../formats/server-log';
import { microsTime } from '../formats/timestamptz';
import type { WalRecord } from '../formats/waldump';
import type { WalCommit } from '../record/evidence';
import type { Boundary, RecoveryTarget } from '../record/recovery';

/** Log, history and pg_waldump print 32 bits of an xid; elsewhere it may come with its epoch. */
export function sameXid(a: string, b: string): boolean {
  return BigInt.asUintN(32, BigInt(a)) === BigInt.asUintN(32, BigInt(b));
}

/** What a target makes the server say, in words for people. */
export function expectedWords(target: RecoveryTarget, boundary: Boundary | undefined): string {
  const end = boundary ? `${endOf(boundary)} of transaction ${boundary.xid}, time ${boundary.time}` : 'the boundary';
  switch (target.kind) {
    case 'time':
      return `stopping before ${end}`;
    case 'xid':
      return target.inclusive ? `stopping after transaction ${target.xid}` : `stopping before ${end}`;
    case 'lsn':
      return `stopping ${target.inclusive ? 'after' : 'before'} WAL location ${target.lsn} or the first record after it`;
    case 'name':
      return `stopping at restore point "${target.name}"`;
    case 'immediate':
      return 'stopping after reaching consistency';
    case 'latest':
      return 'no stop: everything that the WAL holds';
  }
}

/** Whether a stop is the one that the target and the boundary ask for. */
export function isExpectedStop(
  target: RecoveryTarget,
  boundary: Boundary | undefined,
  stop: LoggedStop | null,
): boolean {
  if (target.kind === 'latest') return stop === null;
  if (!stop) return false;
  if (target.kind === 'time' || target.kind === 'xid') {
    if (stop.kind !== 'transaction') return false;
    if (target.kind === 'xid' && target.inclusive) return stop.when === 'after' && sameXid(stop.xid, target.xid);
    return stop.when === 'before' && boundary !== undefined && isBoundary(boundary, stop);
  }
  if (target.kind === 'lsn') {
    if (stop.kind !== 'lsn' || stop.when !== (target.inclusive ? 'after' : 'before')) return false;
    if (compareLsn(stop.lsn, target.lsn) < 0) return false;
    return boundary === undefined || compareLsn(stop.lsn, boundary.lsn) <= (target.inclusive ? -1 : 0);
  }
  return stop.kind === target.kind && (stop.kind !== 'name' || target.kind !== 'name' || stop.name === target.name);
}

/** Whether the reason in the history file is the one that the target and the boundary ask for. */
export function isExpectedReason(
  target: RecoveryTarget,
  boundary: Boundary | undefined,
  stop: LoggedStop | null,
  reason: HistoryReason,
): boolean {
  switch (target.kind) {
    case 'time':
      return (
        reason.kind === 'time' &&
        reason.when === 'before' &&
        boundary !== undefined &&
        sameTime(reason.time, boundary.time)
      );
    case 'xid':
      return (
        reason.kind === 'xid' &&
        reason.when === (target.inclusive ? 'after' : 'before') &&
        sameXid(reason.xid, target.xid)
      );
    case 'lsn':
      return (
        reason.kind === 'lsn' &&
        stop?.kind === 'lsn' &&
        reason.when === stop.when &&
        compareLsn(reason.lsn, stop.lsn) === 0
      );
    case 'name':
      return reason.kind === 'name' && reason.name === target.name;
    case 'immediate':
      return reason.kind === 'immediate';
    case 'latest':
      return reason.kind === 'none';
  }
}

/**
 * Applies the stop rule again to the commits around the boundary.
 * @param commits in WAL order
 * @param firstLeftOut start of the first record, of any kind, that replay left out
 * @returns the first commit that replay leaves out; null when there is none; undefined when commits alone do not tell
 */
export function derivedBoundary(
  target: RecoveryTarget,
  commits: readonly WalCommit[],
  stop: LoggedStop | null,
  firstLeftOut?: string,
): WalCommit | null | undefined {
  if (target.kind === 'latest') return undefined;
  if (target.kind === 'name' || target.kind === 'immediate') {
    // No commit says where these stop; the record that replay left out first does.
    if (firstLeftOut === undefined) return undefined;
    return commits.find((commit) => compareLsn(commit.lsn, firstLeftOut) >= 0) ?? null;
  }
  if (target.kind === 'lsn') {
    // The record at which an LSN target stops need not be a commit: the server says where it starts.
    if (stop?.kind !== 'lsn') return undefined;
    const from = commits.filter((commit) => compareLsn(commit.lsn, target.lsn) >= 0);
    return from.find((commit) => !target.inclusive || compareLsn(commit.lsn, stop.lsn) !== 0) ?? null;
  }
  const short = target.kind === 'xid' ? { ...target, xid: String(BigInt.asUintN(32, BigInt(target.xid))) } : target;
  const index = boundaryOf(short, commits.map(asRecord));
  return index === null ? null : (commits[index] ?? null);
}

function asRecord(commit: WalCommit, index: number, all: readonly WalCommit[]): WalRecord {
  const action = commit.record.startsWith('ABORT') ? 'ABORT' : 'COMMIT';
  const xid = String(BigInt.asUintN(32, BigInt(commit.xid)));
  return {
    rmgr: 'Transaction',
    lsn: commit.lsn,
    prev: all[index - 1]?.lsn ?? '0/0',
    tx: xid,
    length: 0,
    totalLength: 0,
    operation: action,
    detail: '',
    transaction: { action, xid, time: commit.time },
  };
}

function isBoundary(boundary: Boundary, stop: LoggedStop & { kind: 'transaction' }): boolean {
  return stop.end === endOf(boundary) && sameXid(stop.xid, boundary.xid) && sameTime(stop.time, boundary.time);
}

function endOf(boundary: Boundary): 'commit' | 'abort' {
  return boundary.record.startsWith('ABORT') ? 'abort' : 'commit';
}

export function sameTime(a: string, b: string): boolean {
  return microsTime(a) === microsTime(b);
}

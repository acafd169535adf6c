import { parseHistoryReason } from '../formats/history-reason';
import { compareLsn, canonicalLsn } from '../formats/lsn';
import { parseTimelineHistory, type TimelineAncestor, type TimelineHistory } from '../formats/timeline-history';
import type { ClusterEvidence, EpisodeEvidence, WalCommit, WalPlace } from '../record/evidence';
import type { Boundary, RecoveryTarget } from '../record/recovery';
import { branchOf, firstRecordAfter } from './branch';
import { isolatedOnly, reachedTarget, walOrderOf } from './without-ledger';

/** What the history of every member has to tell after a recovery. */
export interface ExpectedBranch {
  newTimeline: number;
  /** The timeline on which the target lies. */
  parent: number;
  /** The parent's own ancestors, as they were before the accident. */
  ancestors: TimelineAncestor[];
  target: RecoveryTarget;
  branchLsn?: string;
  boundary?: Boundary;
  parentRecord?: WalCommit;
  /** The parent's first record, of any kind, at or after the branch. */
  next?: WalPlace;
  /** Promotions after the recovery's own that are explained: Patroni's start of the recovered node, a switchover. */
  promotions: number;
}

/** @returns a text that says what is missing, when the evidence does not tell */
export function expectedBranch(cluster: ClusterEvidence, episode: EpisodeEvidence): ExpectedBranch | string {
  const { recovery, incident } = episode;
  if (!recovery || !reachedTarget(episode)) return `the recovery ended as ${recovery?.outcome ?? 'unknown'}`;
  if (recovery.newTimeline === undefined) return 'the timeline that the recovery made is not recorded';
  if (!recovery.plan) return 'the plan, which names the timeline of the target, is not recorded';
  const parent = recovery.plan.targetTimeline;
  const last = incident?.before.timeline ?? parent;
  if (cluster.historyBefore === undefined && last > 1)
    return `the history of timeline ${last} before the accident was not read`;
  const before = parseTimelineHistory(last, cluster.historyBefore ?? '');
  const passed = before.ancestors.findIndex((row) => row.timeline === parent);
  if (parent !== last && passed === -1)
    return `the target's timeline ${parent} is not in the history of timeline ${last}`;
  const boundary = walOrderOf(cluster)?.boundary;
  return {
    newTimeline: recovery.newTimeline,
    parent,
    ancestors: parent === last ? before.ancestors : before.ancestors.slice(0, passed),
    target: recovery.plan.target,
    ...(recovery.branchLsn === undefined ? {} : { branchLsn: recovery.branchLsn }),
    ...(boundary ? { boundary } : {}),
    ...(cluster.parentRecord ? { parentRecord: cluster.parentRecord } : {}),
    ...(cluster.branchRecords?.next ? { next: cluster.branchRecords.next } : {}),
    // Patroni has not started it yet.
    promotions: isolatedOnly(episode) ? 0 : 1 + (cluster.switchover ? 1 : 0),
  };
}

/** What a member's history tells otherwise than it should, in words. */
export function problemsOf(history: TimelineHistory, wanted: ExpectedBranch): string[] {
  const branch = branchOf(history, wanted.newTimeline);
  if (!branch) return [`its history does not pass through timeline ${wanted.newTimeline}`];
  const { row, index } = branch;
  const problems: string[] = [];
  const ancestors = history.ancestors.slice(0, index);
  if (
    ancestors.length !== wanted.ancestors.length ||
    !ancestors.every((one, at) => sameRow(one, wanted.ancestors[at]))
  ) {
    problems.push(`before the branch it came through ${inRows(ancestors)}, expected ${inRows(wanted.ancestors)}`);
  }
  if (row.timeline !== wanted.parent)
    problems.push(`timeline ${wanted.newTimeline} left timeline ${row.timeline}, not ${wanted.parent}`);
  if (wanted.branchLsn !== undefined && canonicalLsn(wanted.branchLsn) !== row.endLsn) {
    problems.push(`it branched at ${row.endLsn}, the recovery at ${wanted.branchLsn}`);
  }
  problems.push(...stopRecordProblems(wanted, row.endLsn));
  const promotions = history.ancestors.slice(index + 1);
  if (promotions.length > wanted.promotions) {
    problems.push(`${promotions.length} promotions after the recovery, of which ${wanted.promotions} are explained`);
  }
  for (const promotion of promotions) {
    if (parseHistoryReason(promotion.reason).kind !== 'none') {
      problems.push(`timeline ${promotion.timeline} ended by another recovery: ${promotion.reason}`);
    }
  }
  return problems;
}

/**
 * Where the branch lies, against the parent's WAL: its first record of any kind follows at once, whatever the target; a
 * page header later where the branch is a page's end. Against the boundary and the parent's first commit or abort after
 * it: a stop before a transaction's end leaves the parent exactly there; other targets stop at some record before it.
 */
export function stopRecordProblems(wanted: ExpectedBranch, branchLsn: string): string[] {
  const { boundary, parentRecord, target, next } = wanted;
  const exact = target.kind === 'time' || (target.kind === 'xid' && !target.inclusive);
  const follows = (lsn: string): boolean =>
    exact ? firstRecordAfter(branchLsn, lsn) : compareLsn(branchLsn, lsn) <= 0;
  const problems: string[] = [];
  if (next && !firstRecordAfter(branchLsn, next.lsn)) {
    problems.push(
      `branched at ${branchLsn}, but the next record of timeline ${wanted.parent} is ${next.rmgr}/${next.operation} at ${next.lsn}`,
    );
  }
  if (boundary) {
    if (!follows(boundary.lsn)) problems.push(`branched at ${branchLsn}, the boundary is ${boundary.lsn}`);
    if (boundary.timeline !== wanted.parent) {
      problems.push(`the boundary lies on timeline ${boundary.timeline}, not ${wanted.parent}`);
    }
  }
  if (parentRecord) {
    if (!follows(parentRecord.lsn)) {
      problems.push(`branched at ${branchLsn}, but timeline ${wanted.parent} goes on at ${parentRecord.lsn}`);
    } else if (boundary !== undefined && compareLsn(parentRecord.lsn, boundary.lsn) !== 0) {
      problems.push(
        `timeline ${wanted.parent} goes on with the commit or abort at ${parentRecord.lsn}, the boundary is ${boundary.lsn}`,
      );
    }
  }
  return problems;
}

function sameRow(a: TimelineAncestor, b: TimelineAncestor | undefined): boolean {
  return b !== undefined && a.timeline === b.timeline && a.endLsn === b.endLsn && a.reason === b.reason;
}

function inRows(rows: readonly TimelineAncestor[]): string {
  return rows.length === 0 ? 'nothing' : rows.map((row) => `${row.timeline} until ${row.endLsn}`).join(', ');
}

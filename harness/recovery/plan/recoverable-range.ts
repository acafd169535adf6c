import { compareLsn } from '../../formats/lsn';
import { utcTime } from '../../formats/timestamptz';
import { firstLsnOf } from '../../formats/wal-name';
import type { BackupRef } from '../../record/backup-ref';
import { onBranch } from './choose-backup';
import type { PitrFacts } from './facts';
import { firstHole, hasOwnWal, lastCommitBefore } from './needed-segments';
import { knownTimelines, targetBranch, type TargetBranch } from './timelines';

/** A place that a recovery can be told to stop at. Times in UTC. */
export interface RangeEnd {
  lsn: string;
  time?: string;
}

/** From where to where targets can be reached from a backup. */
export interface RecoverableRange {
  backup: string;
  timeline: number;
  /** The end of the backup, or where the timeline begins, if that is later. */
  from: RangeEnd;
  /**
   * The end: now, on the timeline of a leader that is at work; else the last commit there is, exclusive. Without a time
   * where no commit was found.
   */
  to: RangeEnd;
  /** The first segment on the way that is missing, at which the range ends; `latest` reaches it with `--up-to-gap` only. */
  hole?: string;
}

/**
 * From when to when recovery is possible from a backup, on the cluster's timeline or another one: for refusals and for
 * people who choose.
 * @returns undefined where it is possible nowhere: a backup of another branch, or one that lacks WAL of its own
 */
export function recoverableRange(
  facts: PitrFacts,
  backup: BackupRef,
  timeline: number = facts.timeline,
): RecoverableRange | undefined {
  const branch = branchOf(facts, timeline);
  if (!branch || backup.status !== 'DONE' || backup.systemIdentifier !== facts.systemIdentifier) return undefined;
  if (!onBranch(backup, branch.history) || !hasOwnWal(backup, facts, branch)) return undefined;
  const hole = firstHole(backup, facts, branch);
  const from = beginOf(facts, backup, branch);
  const to = hole === undefined ? endOf(facts, branch) : endAtHole(facts, hole);
  if (compareLsn(to.lsn, from.lsn) < 0) return undefined;
  return { backup: backup.id, timeline, from, to, ...(hole === undefined ? {} : { hole }) };
}

/** What a person needs in order to choose a backup, newest first. */
export interface BackupForPeople {
  id: string;
  /** Begin and end, in UTC. */
  begin: string;
  end: string;
  timeline: number;
  /** Of the data. */
  bytes?: string;
  /** On the cluster's timeline; absent where none is possible from it. */
  range?: RecoverableRange;
  /** Why it is of no use for the cluster's timeline, in words; absent where it is. */
  unusable?: string;
}

/** The backups that Barman has of the cluster, each with what can be reached from it. */
export function backupsForPeople(facts: PitrFacts): BackupForPeople[] {
  return [...facts.backups]
    .sort((a, b) => compareLsn(b.endLsn, a.endLsn))
    .map((backup) => {
      const range = recoverableRange(facts, backup);
      return {
        id: backup.id,
        begin: utcTime(backup.beginTime),
        end: utcTime(backup.endTime),
        timeline: backup.timeline,
        ...(backup.bytes === undefined ? {} : { bytes: backup.bytes }),
        ...(range ? { range } : { unusable: whyUnusable(facts, backup) }),
      };
    });
}

function whyUnusable(facts: PitrFacts, backup: BackupRef): string {
  if (backup.status !== 'DONE') return `its status is ${backup.status}`;
  if (backup.systemIdentifier !== facts.systemIdentifier) return `it is of another system, ${backup.systemIdentifier}`;
  const branch = branchOf(facts, facts.timeline);
  if (branch && !onBranch(backup, branch.history)) {
    const own = knownTimelines(facts).includes(backup.timeline) ? `, for which --timeline ${backup.timeline} asks` : '';
    return `it ends on timeline ${backup.timeline}, which is not on the way to timeline ${facts.timeline}${own}`;
  }
  return 'the archive lacks WAL that it needs itself';
}

function branchOf(facts: PitrFacts, timeline: number): TargetBranch | undefined {
  try {
    return targetBranch(timeline, facts);
  } catch {
    return undefined;
  }
}

function beginOf(facts: PitrFacts, backup: BackupRef, { history }: TargetBranch): RangeEnd {
  const left = history.ancestors.at(-1)?.endLsn;
  if (left === undefined || compareLsn(backup.endLsn, left) >= 0)
    return { lsn: backup.endLsn, time: utcTime(backup.endTime) };
  const last = lastCommitBefore(facts, left);
  return { lsn: left, ...(last ? { time: last.time } : {}) };
}

function endOf(facts: PitrFacts, branch: TargetBranch): RangeEnd {
  if (branch.grows) return { lsn: branch.endLsn, time: utcTime(facts.now) };
  return { lsn: branch.endLsn, ...(branch.lastCommit ? { time: branch.lastCommit.time } : {}) };
}

function endAtHole(facts: PitrFacts, hole: string): RangeEnd {
  const begins = firstLsnOf(hole, facts.segmentSize);
  const last = lastCommitBefore(facts, begins);
  return { lsn: last?.lsn ?? begins, ...(last ? { time: last.time } : {}) };
}

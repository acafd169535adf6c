import { sameBranch, type TimelineAncestor, type TimelineHistory } from '../../formats/timeline-history';
import { segmentNumber } from '../../formats/wal-name';
import type { BackupRef } from '../../record/backup-ref';
import type { RecoveryPlan } from '../../record/recovery';
import type { MemberFacts, PitrFacts, PitrRequest } from './facts';

type Rejoin = RecoveryPlan['others'][number];

/**
 * Bytes of a backup below which copies are faster. pg_rewind of a replica first starts PostgreSQL on the diverged data, stops
 * it, compares, and starts it again, and the old leader waits for that, as its data is the way back: some 10 s whatever the
 * size, in which two members copied 1.3 GB at once (docs/recovery.md, "Rejoin").
 */
const COPIED_BELOW = 1_000_000_000n;

/** What decides how the members come back, beyond the facts. */
export interface RejoinAsked {
  request: Pick<PitrRequest, 'target' | 'rejoin' | 'keepOld'>;
  backup: Pick<BackupRef, 'bytes'>;
  /** The branch that the recovered node comes from. */
  history: TimelineHistory;
  /** The number that the recovered timeline gets; Patroni's start of it takes the next one. */
  newTimeline: number;
  /** Segments from the begin of the backup to the target. */
  segments: readonly string[];
}

/**
 * How a member comes back to the new leader, and why so. By pg_rewind only where its rules hold (PostgreSQL documentation,
 * pg_rewind) and what it compares by, numbers of timelines, cannot mislead it: it says "no rewind required" of two branches
 * of one number, and the divergence stays. A copy is right whatever the member holds.
 */
export function rejoinOf(member: MemberFacts, facts: PitrFacts, asked: RejoinAsked): Rejoin {
  const unfit = unfitForRewind(member, facts, asked);
  if (unfit !== undefined) return { member: member.name, rejoin: 'copy', reason: unfit };
  if (asked.request.keepOld) {
    return {
      member: member.name,
      rejoin: 'copy',
      reason: 'its old data directory is to be kept, and pg_rewind changes it',
    };
  }
  if (asked.request.rejoin === 'copy') return { member: member.name, rejoin: 'copy', reason: 'asked for' };
  const fit = `its timeline ${member.timeline} is on the way to timeline ${asked.newTimeline}, and it holds the WAL since`;
  if (asked.request.rejoin === 'rewind') return { member: member.name, rejoin: 'rewind', reason: `asked for; ${fit}` };
  const bytes = asked.backup.bytes === undefined ? undefined : BigInt(asked.backup.bytes);
  if (bytes !== undefined && bytes < COPIED_BELOW) {
    const reason = `pg_rewind could, but a copy of ${bytes / 1_000_000n} MB each is faster than one rewind after the other`;
    return { member: member.name, rejoin: 'copy', reason };
  }
  return { member: member.name, rejoin: 'rewind', reason: fit };
}

/** Why pg_rewind may not be left to it, in words. */
function unfitForRewind(member: MemberFacts, facts: PitrFacts, asked: RejoinAsked): string | undefined {
  if (asked.request.target.kind === 'latest') {
    return '`latest` is for damaged files, and pg_rewind copies only blocks that the WAL names';
  }
  if (!facts.dataChecksums && !facts.walLogHints) {
    return 'pg_rewind cannot tell what has changed: neither data checksums nor wal_log_hints are on';
  }
  if (member.systemIdentifier === undefined || member.timeline === undefined) {
    return 'what its data directory holds could not be read';
  }
  if (member.systemIdentifier !== facts.systemIdentifier) {
    return `its data is of another system, ${member.systemIdentifier}`;
  }
  if (member.clean === false) return 'its server crashed, and what it wrote last is not known';
  return misleading(member, member.timeline, asked) ?? withoutWal(member, facts, asked);
}

/** Numbers that the new branch gives out, or shares with another one. */
function misleading(member: MemberFacts, timeline: number, asked: RejoinAsked): string | undefined {
  if (member.history === undefined && timeline > 1) return `the history of its timeline ${timeline} could not be read`;
  const own: TimelineHistory = { timeline, ancestors: member.history ?? [] };
  const taken = [...own.ancestors.map((row) => row.timeline), timeline].find((number) => number >= asked.newTimeline);
  if (taken !== undefined) {
    return `its timeline ${taken} is another branch with a number that the recovered one takes: pg_rewind compares numbers and would say "no rewind required"`;
  }
  if (!compatible(own, asked.history)) {
    return `its timeline ${timeline} and the target's are different branches that share a number`;
  }
  return undefined;
}

/**
 * Whether every number that two histories share is one branch: pg_rewind takes their last common row for where they parted
 * (findCommonAncestorTimeline in pg_rewind.c).
 */
function compatible(a: TimelineHistory, b: TimelineHistory): boolean {
  const numbers = (of: TimelineHistory) => [...of.ancestors.map((row) => row.timeline), of.timeline];
  const shared = numbers(a).filter((number) => numbers(b).includes(number));
  return shared.every((number) => sameBranch(upTo(a, number), upTo(b, number)));
}

function upTo(history: TimelineHistory, timeline: number): TimelineHistory {
  return { timeline, ancestors: history.ancestors.filter((row: TimelineAncestor) => row.timeline < timeline) };
}

/** pg_rewind reads the member's WAL from the last checkpoint before it parted from the new branch. */
function withoutWal(member: MemberFacts, facts: PitrFacts, { segments }: RejoinAsked): string | undefined {
  const last = segments.at(-1);
  const oldest = member.oldestWal;
  if (last === undefined || oldest === undefined) return 'what WAL it holds is not known';
  const oldestNumber = segmentNumber(oldest, facts.segmentSize);
  if (segmentNumber(last, facts.segmentSize) >= oldestNumber) return undefined;
  return `its oldest WAL is ${oldest}, later than the target's segment ${last}`;
}

import { compareLsn, formatLsn, parseLsn } from '../../formats/lsn';
import { segmentsNeeded } from '../../formats/timeline-history';
import { microsTime, utcTime } from '../../formats/timestamptz';
import { firstLsnOf } from '../../formats/wal-name';
import type { BackupRef } from '../../record/backup-ref';
import { PgdrillError } from '../../record/errors';
import type { WalCommit } from '../../record/ledger';
import type { RecoveryTarget } from '../../record/recovery';
import { usableBackups } from './choose-backup';
import type { PitrFacts } from './facts';
import type { TargetBranch } from './timelines';
import { typedPitr } from './typed-command';

/** How many missing segments are named; the rest is counted. */
const NAMED = 5;

/** What a recovery reads, and how. */
export interface NeededWal {
  segments: string[];
  /**
   * `fetched` where Barman's catalogue may name segments that are not there: `barman recover` would copy all of it, and end
   * with "Failure copying WAL files".
   */
  walFrom: 'copied' | 'fetched';
  /** Segments that are missing, and that this recovery does not read. */
  missing: string[];
  /** Where the first of them begins that `latest` stops at, asked to go up to a gap. */
  endsAtGap?: string;
}

interface Needed {
  segments: string[];
  /** Of these, the ones that are not held and never come. */
  holes: string[];
  /** How many of the first are the backup's own. */
  ofBackup: number;
}

/**
 * The segments from the begin of the backup to the target, by the history of the target's timeline.
 * @param upToGap whether `latest` may end at the first segment that is missing
 * @throws PGDRILL_WAL_GAP with the names of those that are missing, from when to when one can go, and what would work
 */
export function neededWal(
  target: RecoveryTarget,
  backup: BackupRef,
  facts: PitrFacts,
  branch: TargetBranch,
  upToGap: boolean,
): NeededWal {
  const all = needs({ kind: 'latest' }, backup, facts, branch);
  const { segments, holes, ofBackup } = needs(target, backup, facts, branch);
  const [first] = holes;
  if (first === undefined) {
    const read = new Set(segments);
    const missing = all.holes.filter((name) => !read.has(name));
    return { segments, missing, walFrom: missing.length > 0 ? 'fetched' : 'copied' };
  }
  const own = segments.indexOf(first) < ofBackup;
  if (upToGap && target.kind === 'latest' && !own) {
    return {
      segments: segments.slice(0, segments.indexOf(first)),
      missing: holes,
      walFrom: 'fetched',
      endsAtGap: firstLsnOf(first, facts.segmentSize),
    };
  }
  const others = usableBackups(target, facts, branch.history)
    .filter((other) => other.id !== backup.id && neededHoles(target, other, facts, branch).length === 0)
    .map((other) => other.id);
  throw new PgdrillError(
    'PGDRILL_WAL_GAP',
    `${holes.length} of ${segments.length} segments that the target needs are not in the archive: ${namedFirst(holes)}`,
    [
      own
        ? `backup ${backup.id} needs it itself: choose another backup`
        : wayBefore(first, target, backup, facts, branch),
      others.length > 0
        ? `without a gap to this target: backup ${others.join(', ')}`
        : 'no other backup reaches this target',
    ].join('; '),
  );
}

/**
 * The first segment on the way of a branch that is not held and never comes, from the begin of a backup on; undefined where
 * there is none.
 */
export function firstHole(backup: BackupRef, facts: PitrFacts, branch: TargetBranch): string | undefined {
  return needs({ kind: 'latest' }, backup, facts, branch).holes[0];
}

/** Segments that a target needs from a backup and that never come. */
export function neededHoles(
  target: RecoveryTarget,
  backup: BackupRef,
  facts: PitrFacts,
  branch: TargetBranch,
): string[] {
  return needs(target, backup, facts, branch).holes;
}

/** Whether a backup has all of its own WAL, without which it is not consistent. */
export function hasOwnWal(backup: BackupRef, facts: PitrFacts, branch: TargetBranch): boolean {
  return needs({ kind: 'immediate' }, backup, facts, branch).holes.length === 0;
}

/** In words: which targets on the branch can be reached from the backup without this segment, and how to ask for them. */
function wayBefore(
  segment: string,
  target: RecoveryTarget,
  backup: BackupRef,
  facts: PitrFacts,
  branch: TargetBranch,
): string {
  const { history } = branch;
  const begins = firstLsnOf(segment, facts.segmentSize);
  const branched = history.ancestors.at(-1)?.endLsn ?? '0/0';
  const end = `its end ${backup.endLsn} (${utcTime(backup.endTime)})`;
  const [from, what] = compareLsn(backup.endLsn, branched) >= 0 ? [backup.endLsn, end] : [branched, `lsn:${branched}`];
  // The last LSN that surely has a record behind it before the gap, see lastNeeded().
  const last = parseLsn(begins) - BigInt(facts.segmentSize);
  if (last < parseLsn(from))
    return backup.timeline === history.timeline
      ? `from backup ${backup.id} recovery is possible to its own end only: \`immediate\``
      : `from backup ${backup.id} no target on timeline ${history.timeline} can be reached`;
  const commit = lastCommitBefore(facts, begins);
  const inTime = commit
    ? `, in time to ${commit.time}, exclusive (the last commit before the gap, transaction ${commit.xid} at ${commit.lsn})`
    : '';
  const upTo =
    target.kind === 'latest' ? `; everything up to the gap: ${typedPitr(backup.id, target, '--up-to-gap')}` : '';
  return `recovery is possible from backup ${backup.id}, from ${what} to lsn:${formatLsn(last)}${inTime}; ${segment} would begin at ${begins}${upTo}`;
}

/** The last commit or abort before a place on the way, if it was looked up. */
export function lastCommitBefore(facts: PitrFacts, lsn: string): WalCommit | undefined {
  return facts.lastBefore?.find((one) => compareLsn(one.lsn, lsn) === 0)?.commit;
}

/** Whether replay to a time stops at a commit or abort: at one that is later, or at the very time if it is exclusive. */
export function stopsAt(target: RecoveryTarget & { kind: 'time' }, { time }: WalCommit): boolean {
  const beyond = microsTime(time) - microsTime(target.time);
  return beyond > 0n || (beyond === 0n && !target.inclusive);
}

/**
 * Those at the end of WAL that still grows may be on their way: the first step has them archived. A segment that the
 * archive lacks although it holds a later one, or that the backup itself needs, never comes.
 */
function needs(target: RecoveryTarget, backup: BackupRef, facts: PitrFacts, branch: TargetBranch): Needed {
  const upTo = (lsn: string) => segmentsNeeded(branch.history, backup.beginLsn, lsn, facts.segmentSize);
  const held = new Set([...facts.segments, ...branch.beside]);
  const all = upTo(branch.endLsn);
  const ofBackup = upTo(backup.endLsn).length;
  const arrived = all.findLastIndex((segment) => held.has(segment));
  const overdue = Math.max(ofBackup, arrived);
  const never = (names: string[]) => names.slice(0, overdue).filter((segment) => !held.has(segment));
  const segments = upTo(lastNeeded(target, backup, facts, branch, never(all)[0]));
  return { segments, ofBackup, holes: never(segments) };
}

/**
 * How far WAL is read. An LSN is compared with the start of a record: the first from there on may come in the next
 * segment, after a switch. A time is read no further than a later commit before the first hole, where one is known. What
 * an xid or name needs is known only once the WAL was read.
 */
function lastNeeded(
  target: RecoveryTarget,
  backup: BackupRef,
  facts: PitrFacts,
  branch: TargetBranch,
  hole: string | undefined,
): string {
  if (target.kind === 'immediate') return backup.endLsn;
  if (target.kind === 'time' && hole !== undefined) {
    const commit = lastCommitBefore(facts, firstLsnOf(hole, facts.segmentSize));
    // One byte further, to have the segment in which the record starts.
    if (commit && stopsAt(target, commit)) return formatLsn(parseLsn(commit.lsn) + 1n);
  }
  if (target.kind !== 'lsn') return branch.endLsn;
  const next = formatLsn(parseLsn(target.lsn) + BigInt(facts.segmentSize));
  return compareLsn(next, branch.endLsn) < 0 ? next : branch.endLsn;
}

/** The first of several names. */
export function namedFirst(names: readonly string[]): string {
  return `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ' …' : ''}`;
}

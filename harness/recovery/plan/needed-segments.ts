import { compareLsn, formatLsn, parseLsn } from '../../formats/lsn';
import { segmentsNeeded } from '../../formats/timeline-history';
import { utcTime } from '../../formats/timestamptz';
import { firstLsnOf } from '../../formats/wal-name';
import type { BackupRef } from '../../record/backup-ref';
import { PgdrillError } from '../../record/errors';
import type { RecoveryTarget } from '../../record/recovery';
import { usableBackups } from './choose-backup';
import type { PitrFacts } from './facts';
import type { TargetBranch } from './timelines';

/** How many missing segments are named; the rest is counted. */
const NAMED = 5;

interface Needed {
  segments: string[];
  /** Of these, the ones that are not in the archive and never come. */
  holes: string[];
  /** How many of the first are the backup's own. */
  ofBackup: number;
}

/**
 * The segments from the begin of the backup to the target, by the history of the target's timeline.
 * @throws PGDRILL_WAL_GAP with the names of those that are missing, how far one can go, and what would work
 */
export function neededSegments(
  target: RecoveryTarget,
  backup: BackupRef,
  facts: PitrFacts,
  branch: TargetBranch,
): string[] {
  const { segments, holes, ofBackup } = needs(target, backup, facts, branch);
  const [first] = holes;
  if (first === undefined) return segments;
  const others = usableBackups(target, facts, branch.history)
    .filter((other) => other.id !== backup.id && needs(target, other, facts, branch).holes.length === 0)
    .map((other) => other.id);
  const own = segments.indexOf(first) < ofBackup;
  throw new PgdrillError(
    'PGDRILL_WAL_GAP',
    `${holes.length} of ${segments.length} segments that the target needs are not in the archive: ${namedFirst(holes)}`,
    [
      own ? `backup ${backup.id} needs it itself: choose another backup` : rangeBefore(first, backup, facts, branch),
      others.length > 0
        ? `without a gap to this target: backup ${others.join(', ')}`
        : 'no other backup reaches this target',
    ].join('; '),
  );
}

/** In words: which targets on the branch can be reached from the backup without this segment. */
function rangeBefore(segment: string, backup: BackupRef, facts: PitrFacts, { history }: TargetBranch): string {
  const begins = firstLsnOf(segment, facts.segmentSize);
  const branched = history.ancestors.at(-1)?.endLsn ?? '0/0';
  const end = `its end ${backup.endLsn} (${utcTime(backup.endTime)})`;
  const [from, what] = compareLsn(backup.endLsn, branched) >= 0 ? [backup.endLsn, end] : [branched, `lsn:${branched}`];
  // The last LSN that surely has a record behind it before the gap, see lastNeeded().
  const last = parseLsn(begins) - BigInt(facts.segmentSize);
  if (last >= parseLsn(from))
    return `recovery is possible from backup ${backup.id}, from ${what} to lsn:${formatLsn(last)}; ${segment} would begin at ${begins}`;
  return backup.timeline === history.timeline
    ? `from backup ${backup.id} recovery is possible to its own end only: \`immediate\``
    : `from backup ${backup.id} no target on timeline ${history.timeline} can be reached`;
}

/** Segments that are missing behind the target: recovery does not read them. */
export function missingBehind(
  target: RecoveryTarget,
  backup: BackupRef,
  facts: PitrFacts,
  branch: TargetBranch,
): string | undefined {
  const read = new Set(needs(target, backup, facts, branch).segments);
  const holes = needs({ kind: 'latest' }, backup, facts, branch).holes.filter((name) => !read.has(name));
  return holes.length > 0 ? namedFirst(holes) : undefined;
}

/**
 * Those at the end of WAL that still grows may be on their way: the first step has them archived. A segment that the
 * archive lacks although it holds a later one, or that the backup itself needs, never comes.
 */
function needs(target: RecoveryTarget, backup: BackupRef, facts: PitrFacts, branch: TargetBranch): Needed {
  const upTo = (lsn: string) => segmentsNeeded(branch.history, backup.beginLsn, lsn, facts.segmentSize);
  const held = new Set(facts.segments);
  const all = upTo(branch.endLsn);
  const ofBackup = upTo(backup.endLsn).length;
  const arrived = all.findLastIndex((segment) => held.has(segment));
  const overdue = Math.max(ofBackup, arrived);
  const segments = upTo(lastNeeded(target, backup, facts, branch));
  return { segments, ofBackup, holes: segments.slice(0, overdue).filter((segment) => !held.has(segment)) };
}

/**
 * How far WAL is read. An LSN is compared with the start of a record: the first from there on may come in the next
 * segment, after a switch. What a time, xid or name needs is known only once the WAL was read.
 */
function lastNeeded(target: RecoveryTarget, backup: BackupRef, facts: PitrFacts, branch: TargetBranch): string {
  if (target.kind === 'immediate') return backup.endLsn;
  if (target.kind !== 'lsn') return branch.endLsn;
  const next = formatLsn(parseLsn(target.lsn) + BigInt(facts.segmentSize));
  return compareLsn(next, branch.endLsn) < 0 ? next : branch.endLsn;
}

function namedFirst(names: string[]): string {
  return `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ' …' : ''}`;
}

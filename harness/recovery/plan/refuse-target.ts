import { compareLsn } from '../../formats/lsn';
import { timelineOwning } from '../../formats/timeline-history';
import { microsTime, utcTime } from '../../formats/timestamptz';
import type { BackupRef } from '../../record/backup-ref';
import { PgdrillError } from '../../record/errors';
import type { RecoveryTarget } from '../../record/recovery';
import { endsBefore, onBranch, usableBackups } from './choose-backup';
import type { DroppedDatabase, PitrFacts } from './facts';
import { lastCommitBefore, stopsAt } from './needed-segments';
import type { Risks } from './risks';
import { knownTimelines, leaderOf, type TargetBranch } from './timelines';
import { typedPitr } from './typed-command';

/**
 * Refuses what cannot be reached from the backup along the branch.
 * @throws PGDRILL_WRONG_SYSTEM, PGDRILL_BACKUP_UNKNOWN, PGDRILL_TARGET_OFF_TIMELINE, PGDRILL_TARGET_BEFORE_BACKUP,
 *   PGDRILL_TARGET_IN_FUTURE, PGDRILL_TARGET_AFTER_LAST_WAL, PGDRILL_TARGET_IN_DROP, PGDRILL_RESTORE_POINT_UNKNOWN
 */
export function refuseTarget(
  target: RecoveryTarget,
  backup: BackupRef,
  facts: PitrFacts,
  branch: TargetBranch,
  risks: Risks,
): void {
  const { history } = branch;
  if (backup.systemIdentifier !== facts.systemIdentifier) {
    throw new PgdrillError(
      'PGDRILL_WRONG_SYSTEM',
      `backup ${backup.id} is of system ${backup.systemIdentifier}, the cluster is ${facts.systemIdentifier}`,
      'choose a backup of this cluster',
    );
  }
  const others = usableBackups(target, facts, history).map((item) => item.id);
  if (!onBranch(backup, history)) {
    throw new PgdrillError(
      'PGDRILL_BACKUP_UNKNOWN',
      `backup ${backup.id} is of no use for the target: it ends at ${backup.endLsn} on timeline ${backup.timeline}, which is not on the way to timeline ${history.timeline}`,
      others.length > 0 ? `choose one of ${others.join(', ')}` : 'make a backup on this timeline',
    );
  }
  refuseOffTimeline(target, backup, facts, branch);
  if (!endsBefore(backup, target)) {
    throw new PgdrillError(
      'PGDRILL_TARGET_BEFORE_BACKUP',
      `the target lies before the end of backup ${backup.id} (${utcTime(backup.endTime)}, ${backup.endLsn}): until there it is not consistent`,
      `choose a target after it${others.length > 0 ? `, or an older backup: ${others.join(', ')}` : '; there is no older backup'}`,
    );
  }
  refuseFuture(target, backup, facts, branch);
  if (!branch.grows) refuseAfterLastWal(target, backup, branch);
  refuseNoSuchPoint(target, backup, facts);
  refuseInDrop(target, facts, risks);
}

function refuseFuture(target: RecoveryTarget, backup: BackupRef, facts: PitrFacts, branch: TargetBranch): void {
  if (target.kind === 'time' && microsTime(target.time) > microsTime(facts.now)) {
    throw new PgdrillError(
      'PGDRILL_TARGET_IN_FUTURE',
      `the target ${utcTime(target.time)} lies in the future: it is ${utcTime(facts.now)} on ${leaderOf(facts) ? 'the leader' : 'the Barman server'}`,
      `choose a time between ${utcTime(backup.endTime)} and now`,
    );
  }
  if (branch.grows && target.kind === 'lsn' && compareLsn(target.lsn, branch.endLsn) > 0) {
    throw new PgdrillError(
      'PGDRILL_TARGET_IN_FUTURE',
      `the target ${target.lsn} lies beyond the end of WAL, ${branch.endLsn}`,
      `choose an LSN between ${backup.endLsn} and ${branch.endLsn}`,
    );
  }
}

/**
 * A time is reached at a commit or abort that is later, an LSN at a record that starts there or later. On a timeline that
 * was left, or whose leader is gone, none can be made any more: replay would end with "recovery ended before configured
 * recovery target was reached".
 */
function refuseAfterLastWal(target: RecoveryTarget, backup: BackupRef, branch: TargetBranch): void {
  const { lastCommit, own } = branch;
  const { timeline } = branch.history;
  const everything = own
    ? `what there is, all of it: ${typedPitr(backup.id, { kind: 'latest' })}`
    : `\`latest\` on timeline ${timeline} keeps all that it has: ${typedPitr(backup.id, { kind: 'latest' }, `--timeline ${timeline}`)}`;
  const holder = own ? 'that is left' : 'that the archive holds';
  if (target.kind === 'lsn' && compareLsn(target.lsn, branch.endLsn) >= 0) {
    throw new PgdrillError(
      'PGDRILL_TARGET_AFTER_LAST_WAL',
      `the target ${target.lsn} lies beyond the WAL ${holder} of timeline ${timeline}, which ends at ${branch.endLsn}`,
      `choose an LSN between ${backup.endLsn} and ${lastCommit?.lsn ?? branch.endLsn}; ${everything}`,
    );
  }
  if (target.kind !== 'time' || !lastCommit || stopsAt(target, lastCommit)) return;
  const latestTime = { kind: 'time', time: lastCommit.time, inclusive: false } as const;
  throw new PgdrillError(
    'PGDRILL_TARGET_AFTER_LAST_WAL',
    `nothing ended on timeline ${timeline} after ${utcTime(target.time)}: the last commit or abort ${own ? 'that is left' : 'that the archive holds'} of it is transaction ${lastCommit.xid} at ${lastCommit.time} (${lastCommit.lsn}), and a time is reached only at a later one`,
    `choose a time between ${utcTime(backup.endTime)} and that, exclusive: ${typedPitr(backup.id, latestTime)}; ${everything}`,
  );
}

/** Replay to a restore point that the WAL does not have ends without it. Only said where all of the WAL was read. */
function refuseNoSuchPoint(target: RecoveryTarget, backup: BackupRef, { restorePoints }: PitrFacts): void {
  if (target.kind !== 'name' || !restorePoints?.whole) return;
  if (restorePoints.lsns.some((lsn) => compareLsn(lsn, backup.beginLsn) >= 0)) return;
  const earlier = restorePoints.lsns.at(-1);
  throw new PgdrillError(
    'PGDRILL_RESTORE_POINT_UNKNOWN',
    `the WAL from backup ${backup.id} on has no restore point "${target.name}"`,
    earlier === undefined
      ? 'give its name as it was given, letter by letter, or another kind of target'
      : `it lies at ${earlier}, before that backup: choose an older one`,
  );
}

/**
 * PostgreSQL writes into the new history that it left the target's timeline, also when it stopped on an ancestor
 * (StartupXLOG in xlog.c: writeTimeLineHistory with recoveryTargetTLI): a history that goes backwards, with WAL in it that
 * the branch never had. Of a time it is told by the last commit before the timeline began, where that was looked up; of an
 * xid or a name it is known only once the WAL was read.
 */
function refuseOffTimeline(target: RecoveryTarget, backup: BackupRef, facts: PitrFacts, branch: TargetBranch): void {
  const { history } = branch;
  const left = history.ancestors.at(-1);
  if (!left) return;
  const beginning = `which begins at ${left.endLsn}`;
  if (target.kind === 'time') {
    const last = lastCommitBefore(facts, left.endLsn);
    // A backup from behind the switch never reads what lies before it.
    if (!last || compareLsn(last.lsn, backup.endLsn) < 0 || !stopsAt(target, last)) return;
    const on = timelineOwning(history, last.lsn);
    throw new PgdrillError(
      'PGDRILL_TARGET_OFF_TIMELINE',
      `replay to ${utcTime(target.time)} would stop on timeline ${on}, which timeline ${history.timeline} has left: transaction ${last.xid} ended there at ${last.time} (${last.lsn}), later than the target`,
      `choose a later time on timeline ${history.timeline}, ${beginning}${knownTimelines(facts).includes(on) ? `; or ask for timeline ${on}: ${typedPitr(backup.id, target, `--timeline ${on}`)}` : ''}; where a clock went back between the two, an LSN from ${left.endLsn} on`,
    );
  }
  const on =
    target.kind === 'lsn'
      ? timelineOwning(history, target.lsn)
      : target.kind === 'immediate'
        ? backup.timeline
        : history.timeline;
  if (on === history.timeline) return;
  const what = target.kind === 'lsn' ? `the target ${target.lsn}` : `the end of backup ${backup.id}`;
  throw new PgdrillError(
    'PGDRILL_TARGET_OFF_TIMELINE',
    `${what} lies on timeline ${on}, which timeline ${history.timeline} has left: a recovery that stops there makes a history that goes backwards`,
    `choose a target on timeline ${history.timeline}, ${beginning}${knownTimelines(facts).includes(on) ? `; or ask for this one on timeline ${on}: ${typedPitr(backup.id, target, `--timeline ${on}`)}` : ''}`,
  );
}

/**
 * DROP DATABASE marks the database and removes its files before the commit at which a time can stop: it would be listed,
 * and "cannot connect to invalid database" (dropdb in dbcommands.c; docs/recovery.md, "DROP DATABASE").
 */
function refuseInDrop(target: RecoveryTarget, facts: PitrFacts, risks: Risks): void {
  const drop = facts.drops?.find((one) => stopsWithin(target, one));
  if (!drop) return;
  const { begin, end } = drop;
  risks.refuse(
    new PgdrillError(
      'PGDRILL_TARGET_IN_DROP',
      `the target lies within a DROP DATABASE, transaction ${end.xid}: from ${begin} on it does what no recovery takes back, and it commits at ${end.lsn}`,
      `to have the database back, recover to lsn:${begin}, exclusive; to have it gone, to any target after ${end.lsn}`,
    ),
  );
}

/**
 * Whether replay would stop after the drop has begun and before the commit. A time stops before the first commit or abort
 * that is later: at one before the drop, all is well.
 */
function stopsWithin(target: RecoveryTarget, { begin, end, before }: DroppedDatabase): boolean {
  if (target.kind === 'lsn') {
    const [gone, ended] = [compareLsn(target.lsn, begin), compareLsn(target.lsn, end.lsn)];
    // Exclusive stops before the first record from there on, inclusive after it.
    return target.inclusive ? gone >= 0 && ended < 0 : gone > 0 && ended <= 0;
  }
  return target.kind === 'time' && stopsAt(target, end) && !(before && stopsAt(target, before));
}

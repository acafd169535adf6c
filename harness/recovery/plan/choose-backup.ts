import { compareLsn, formatLsn, parseLsn } from '../../formats/lsn';
import { timelineOwning, type TimelineHistory } from '../../formats/timeline-history';
import { microsTime, utcTime } from '../../formats/timestamptz';
import type { BackupRef } from '../../record/backup-ref';
import { PgdrillError } from '../../record/errors';
import type { RecoveryTarget } from '../../record/recovery';
import type { PitrFacts, PitrRequest } from './facts';
import { hasOwnWal, neededHoles } from './needed-segments';
import type { TargetBranch } from './timelines';

/**
 * The backup asked for, or with `auto` the newest that ends before the target on the target's branch; of several, one from
 * which the target is reached without a gap.
 * @throws PGDRILL_BACKUP_UNKNOWN, with those that there are
 */
export function chooseBackup(request: PitrRequest, facts: PitrFacts, branch: TargetBranch): BackupRef {
  const { history } = branch;
  const usable = facts.backups.filter((backup) => backup.status === 'DONE');
  if (request.backup !== 'auto') return named(request.backup, usable, facts);
  const before = usableBackups(request.target, facts, history);
  const found =
    before.findLast((backup) => neededHoles(request.target, backup, facts, branch).length === 0) ??
    before.findLast((backup) => hasOwnWal(backup, facts, branch)) ??
    before.at(-1);
  if (found) return found;
  throw new PgdrillError(
    'PGDRILL_BACKUP_UNKNOWN',
    `no usable backup of ${facts.server} ends before the target on the way to timeline ${history.timeline}`,
    usable.length > 0
      ? `usable backups: ${usable.map((backup) => `${backup.id} (ends ${utcTime(backup.endTime)}, ${backup.endLsn}, timeline ${backup.timeline})`).join(', ')}`
      : `there is none: docker exec barman barman backup ${facts.server}`,
  );
}

/** Backups that the target can be reached from, on its branch, in the order in which their ends lie in the WAL. */
export function usableBackups(target: RecoveryTarget, facts: PitrFacts, history: TimelineHistory): BackupRef[] {
  return facts.backups
    .filter((backup) => backup.status === 'DONE' && backup.systemIdentifier === facts.systemIdentifier)
    .filter((backup) => endsBefore(backup, target) && onBranch(backup, history))
    .sort((a, b) => compareLsn(a.endLsn, b.endLsn) || (a.id < b.id ? -1 : 1));
}

/** Whether a backup's last byte is its timeline's in this history: PostgreSQL refuses any other ("is not a child"). */
export function onBranch(backup: BackupRef, history: TimelineHistory): boolean {
  return timelineOwning(history, formatLsn(parseLsn(backup.endLsn) - 1n)) === backup.timeline;
}

/** Whether a backup is consistent before the target. Of a name or an xid it is known only once the WAL was read. */
export function endsBefore(backup: BackupRef, target: RecoveryTarget): boolean {
  if (target.kind === 'time') return microsTime(backup.endTime) <= microsTime(target.time);
  if (target.kind === 'lsn') return compareLsn(backup.endLsn, target.lsn) <= 0;
  return true;
}

/** By Barman's id, the begin of one, or `latest` as Barman understands it: the newest there is. */
function named(asked: string, usable: BackupRef[], facts: PitrFacts): BackupRef {
  const newestLast = [...usable].sort((a, b) => (microsTime(a.endTime) < microsTime(b.endTime) ? -1 : 1));
  const matching = asked === 'latest' ? newestLast.slice(-1) : usable.filter((backup) => backup.id.startsWith(asked));
  const found = usable.find((backup) => backup.id === asked) ?? (matching.length === 1 ? matching[0] : undefined);
  if (found) return found;
  const ids = (matching.length > 1 ? matching : usable).map((backup) => backup.id).join(', ');
  throw new PgdrillError(
    'PGDRILL_BACKUP_UNKNOWN',
    matching.length > 1
      ? `${matching.length} backups of ${facts.server} begin with ${asked}`
      : `Barman has no usable backup ${asked} of ${facts.server}`,
    `choose one of ${ids || `none: make a backup first, docker exec barman barman backup ${facts.server}`}`,
  );
}

import { compareLsn, formatLsn, parseLsn } from '../../formats/lsn';
import {
  parseTimelineHistory,
  segmentsNeeded,
  timelineOwning,
  type TimelineHistory,
} from '../../formats/timeline-history';
import { microsTime, utcTime } from '../../formats/timestamptz';
import type { BackupRef } from '../../record/backup-ref';
import { PgdrillError } from '../../record/errors';
import type { RecoveryPlan, RecoveryTarget } from '../../record/recovery';
import { chooseNode } from './choose-node';
import type { MemberFacts, PitrFacts, PitrRequest } from './facts';
import { isolatedNodeSteps } from './isolated-node-steps';
import { refuseUnstoppable } from './refuse-unstoppable';
import { sharedMicrosecond } from './shared-microsecond';

/**
 * Plans a point-in-time recovery on one isolated member: a pure function of what is asked for and what was found.
 * Always an explicit timeline: `latest` follows whatever history file lies in the archive (PostgreSQL documentation,
 * 26.3.5 "Timelines").
 * @throws PgdrillError with a code of its own for each thing that cannot be done, the reason with figures, and what
 *   would work
 */
export function planIsolatedNodePitr(request: PitrRequest, facts: PitrFacts): RecoveryPlan {
  refuseUnsupported(facts);
  refuseUnstoppable(request.target);
  const history = historyOf(request, facts);
  const backup = chooseBackup(request, facts, history);
  refuseTarget(request.target, backup, facts, history);
  const segments = neededSegments(request.target, backup, facts, history);
  const node = chooseNode(request.node, facts);
  refuseSpace(node, backup);
  const others = facts.members.filter((member) => member.name !== node.name);
  const warnings = warningsOf(request, facts);
  return {
    strategy: 'isolated-node',
    target: request.target,
    targetTimeline: request.targetTimeline,
    backup: backup.id,
    node: node.name,
    others: others.map((member) => ({
      member: member.name,
      rejoin: 'copy',
      reason: 'a copy of the new leader is right whatever the member holds',
    })),
    segments,
    steps: isolatedNodeSteps({ request, facts, backup, node, others }),
    warnings,
  };
}

function refuseUnsupported(facts: PitrFacts): void {
  if (facts.standbyCluster) {
    throw new PgdrillError(
      'PGDRILL_STANDBY_CLUSTER',
      `${facts.scope} is a standby cluster: its leader follows another cluster`,
      'recover the primary cluster',
    );
  }
  if (facts.paused) {
    throw new PgdrillError(
      'PGDRILL_PAUSED',
      `Patroni of ${facts.scope} is paused: a stop of Patroni would leave PostgreSQL running and taking writes`,
      'resume it first: patronictl -c /etc/patroni/patroni.yml resume',
    );
  }
  if (facts.tablespaces.length > 0) {
    throw new PgdrillError(
      'PGDRILL_TABLESPACES',
      `the cluster has tablespaces of its own (${facts.tablespaces.join(', ')}), which this recovery does not move aside`,
      'use a recovery that knows them, or drop them before the backup',
    );
  }
}

/** The old data directory is kept beside the new one until the end, so the backup has to fit into what is free. */
function refuseSpace(node: MemberFacts, backup: BackupRef): void {
  if (backup.bytes === undefined) return;
  // A tenth more, for the WAL that is copied along and replayed.
  const needed = (BigInt(backup.bytes) * 11n) / 10n;
  if (node.freeBytes >= needed) return;
  const mb = (bytes: bigint) => `${bytes / 1_000_000n} MB`;
  throw new PgdrillError(
    'PGDRILL_DISK_LOW',
    `${mb(node.freeBytes)} are free for the data of ${node.name}, and backup ${backup.id} needs ${mb(needed)} beside the old data directory`,
    'free some space there, or recover on another member',
  );
}

/** The backup asked for, or the newest that ends before the target on the target's branch. */
function chooseBackup(request: PitrRequest, facts: PitrFacts, history: TimelineHistory): BackupRef {
  const usable = facts.backups.filter((backup) => backup.status === 'DONE');
  if (request.backup !== 'auto') {
    const found = usable.find((backup) => backup.id === request.backup);
    if (!found) {
      throw new PgdrillError(
        'PGDRILL_BACKUP_UNKNOWN',
        `Barman has no usable backup ${request.backup} of ${facts.server}`,
        `choose one of ${usable.map((backup) => backup.id).join(', ') || 'none: make a backup first'}`,
      );
    }
    return found;
  }
  const found = olderBackups(request.target, facts, history).at(-1);
  if (!found) {
    throw new PgdrillError(
      'PGDRILL_BACKUP_UNKNOWN',
      `no usable backup of ${facts.server} ends before the target`,
      `usable backups: ${usable.map((backup) => `${backup.id} (ends ${backup.endTime})`).join(', ') || 'none'}`,
    );
  }
  return found;
}

/** Backups that the target can be reached from, oldest first. */
function olderBackups(target: RecoveryTarget, facts: PitrFacts, history: TimelineHistory): BackupRef[] {
  return facts.backups
    .filter((backup) => backup.status === 'DONE' && backup.systemIdentifier === facts.systemIdentifier)
    .filter((backup) => endsBefore(backup, target) && onBranch(backup, history))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Whether a backup's last byte is its timeline's in this history: PostgreSQL refuses any other ("is not a child"). */
function onBranch(backup: BackupRef, history: TimelineHistory): boolean {
  return timelineOwning(history, formatLsn(parseLsn(backup.endLsn) - 1n)) === backup.timeline;
}

function endsBefore(backup: BackupRef, target: RecoveryTarget): boolean {
  if (target.kind === 'time') return microsTime(backup.endTime) <= microsTime(target.time);
  if (target.kind === 'lsn') return compareLsn(backup.endLsn, target.lsn) <= 0;
  return true;
}

function refuseTarget(target: RecoveryTarget, backup: BackupRef, facts: PitrFacts, history: TimelineHistory): void {
  if (backup.systemIdentifier !== facts.systemIdentifier) {
    throw new PgdrillError(
      'PGDRILL_WRONG_SYSTEM',
      `backup ${backup.id} is of system ${backup.systemIdentifier}, the cluster is ${facts.systemIdentifier}`,
      'choose a backup of this cluster',
    );
  }
  const others = olderBackups(target, facts, history).map((item) => item.id);
  if (!onBranch(backup, history)) {
    throw new PgdrillError(
      'PGDRILL_BACKUP_UNKNOWN',
      `backup ${backup.id} is of no use for the target: it ends at ${backup.endLsn} on timeline ${backup.timeline}, which is not on the way to timeline ${history.timeline}`,
      others.length > 0 ? `choose one of ${others.join(', ')}` : 'make a backup on this timeline',
    );
  }
  refuseOffTimeline(target, backup, history);
  if (!endsBefore(backup, target)) {
    throw new PgdrillError(
      'PGDRILL_TARGET_BEFORE_BACKUP',
      `the target lies before the end of backup ${backup.id} (${utcTime(backup.endTime)}, ${backup.endLsn}): until there it is not consistent`,
      `choose a target after it${others.length > 0 ? `, or an older backup: ${others.join(', ')}` : '; there is no older backup'}`,
    );
  }
  if (target.kind === 'time' && microsTime(target.time) > microsTime(facts.now)) {
    throw new PgdrillError(
      'PGDRILL_TARGET_IN_FUTURE',
      `the target ${utcTime(target.time)} lies in the future: it is ${utcTime(facts.now)} on the leader`,
      `choose a time between ${utcTime(backup.endTime)} and now`,
    );
  }
  if (target.kind === 'lsn' && compareLsn(target.lsn, facts.currentLsn) > 0) {
    throw new PgdrillError(
      'PGDRILL_TARGET_IN_FUTURE',
      `the target ${target.lsn} lies beyond the end of WAL, ${facts.currentLsn}`,
      `choose an LSN between ${backup.endLsn} and ${facts.currentLsn}`,
    );
  }
}

/**
 * PostgreSQL writes into the new history that it left the target's timeline, also when it stopped on an ancestor
 * (StartupXLOG in xlog.c: writeTimeLineHistory with recoveryTargetTLI): a history that goes backwards, with WAL in it that
 * the branch never had. Of a time, an xid or a name it is known only once the WAL was read.
 */
function refuseOffTimeline(target: RecoveryTarget, backup: BackupRef, history: TimelineHistory): void {
  const left = history.ancestors.at(-1);
  if (!left) return;
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
    `choose a target on timeline ${history.timeline}, which begins at ${left.endLsn}`,
  );
}

/**
 * The segments from the begin of the backup to the target, by the history of the target's timeline. Those at the end of
 * WAL may still be on their way: the first step has them archived. A segment that the archive lacks although it holds a
 * later one, or that the backup itself needs, never comes.
 */
function neededSegments(
  target: RecoveryTarget,
  backup: BackupRef,
  facts: PitrFacts,
  history: TimelineHistory,
): string[] {
  const upTo = (lsn: string) => segmentsNeeded(history, backup.beginLsn, lsn, facts.segmentSize);
  const held = new Set(facts.segments);
  const all = upTo(facts.currentLsn);
  const ofBackup = upTo(backup.endLsn).length;
  const overdue = Math.max(
    ofBackup,
    all.findLastIndex((segment) => held.has(segment)),
  );
  const needed = upTo(lastNeeded(target, backup, facts));
  const holes = needed.slice(0, overdue).filter((segment) => !held.has(segment));
  if (holes.length > 0) {
    throw new PgdrillError(
      'PGDRILL_WAL_GAP',
      `${holes.length} of ${needed.length} segments that the target needs are not in the archive: ${holes.slice(0, 5).join(', ')}${holes.length > 5 ? ' …' : ''}`,
      needed.indexOf(holes[0] ?? '') < ofBackup
        ? `backup ${backup.id} needs it itself: choose another backup`
        : `recovery is possible from backup ${backup.id} up to the segment before ${holes[0]}`,
    );
  }
  return needed;
}

/**
 * How far WAL is read. An LSN is compared with the start of a record: the first from there on may come in the next
 * segment, after a switch. What a time, xid or name needs is known only once the WAL was read.
 */
function lastNeeded(target: RecoveryTarget, backup: BackupRef, facts: PitrFacts): string {
  if (target.kind === 'immediate') return backup.endLsn;
  if (target.kind !== 'lsn') return facts.currentLsn;
  const next = formatLsn(parseLsn(target.lsn) + BigInt(facts.segmentSize));
  return compareLsn(next, facts.currentLsn) < 0 ? next : facts.currentLsn;
}

function historyOf(request: PitrRequest, facts: PitrFacts): TimelineHistory {
  if (request.targetTimeline !== facts.timeline) {
    throw new PgdrillError(
      'PGDRILL_TIMELINE_UNKNOWN',
      `the target lies on timeline ${request.targetTimeline}, the cluster is on ${facts.timeline}`,
      `give a target on timeline ${facts.timeline}`,
    );
  }
  return parseTimelineHistory(facts.timeline, facts.history);
}

function warningsOf(request: PitrRequest, facts: PitrFacts): string[] {
  const warnings: string[] = [];
  if (request.target.kind === 'latest') warnings.push('`latest` replays everything in the WAL, a logical accident too');
  const shared = sharedMicrosecond(request.target, facts.commitsAtTarget);
  if (shared !== undefined) warnings.push(shared);
  if (facts.synchronous)
    warnings.push('synchronous mode is on: the recovered leader takes no strict write until one replica streams');
  return warnings;
}

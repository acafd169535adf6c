import { compareLsn } from '../../formats/lsn';
import { parseTimelineHistory, segmentsNeeded, timelineOwning } from '../../formats/timeline-history';
import { microsTime, utcTime } from '../../formats/timestamptz';
import type { BackupRef } from '../../record/backup-ref';
import { PgdrillError } from '../../record/errors';
import type { RecoveryPlan, RecoveryTarget } from '../../record/recovery';
import { chooseNode } from './choose-node';
import type { PitrFacts, PitrRequest } from './facts';
import { isolatedNodeSteps } from './isolated-node-steps';

/**
 * Plans a point-in-time recovery on one isolated member: a pure function of what is asked for and what was found.
 * Always an explicit timeline: `latest` follows whatever history file lies in the archive (PostgreSQL documentation,
 * 26.3.6 "Timelines").
 * @throws PgdrillError with a code of its own for each thing that cannot be done, the reason with figures, and what
 *   would work
 */
export function planIsolatedNodePitr(request: PitrRequest, facts: PitrFacts): RecoveryPlan {
  refuseUnsupported(facts);
  const backup = chooseBackup(request, facts);
  refuseTarget(request.target, backup, facts);
  const segments = neededSegments(request, backup, facts);
  const node = chooseNode(request.node, facts);
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

/** The backup asked for, or the newest that ends before the target on the target's branch. */
function chooseBackup(request: PitrRequest, facts: PitrFacts): BackupRef {
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
  const newestFirst = [...usable].sort((a, b) => (a.id < b.id ? 1 : -1));
  const found = newestFirst.find((backup) => endsBefore(backup, request.target) && onBranch(backup, request, facts));
  if (!found) {
    throw new PgdrillError(
      'PGDRILL_BACKUP_UNKNOWN',
      `no usable backup of ${facts.server} ends before the target`,
      `usable backups: ${usable.map((backup) => `${backup.id} (ends ${backup.endTime})`).join(', ') || 'none'}`,
    );
  }
  return found;
}

function onBranch(backup: BackupRef, request: PitrRequest, facts: PitrFacts): boolean {
  return timelineOwning(historyOf(request, facts), backup.endLsn) === backup.timeline;
}

function endsBefore(backup: BackupRef, target: RecoveryTarget): boolean {
  if (target.kind === 'time') return microsTime(backup.endTime) <= microsTime(target.time);
  if (target.kind === 'lsn') return compareLsn(backup.endLsn, target.lsn) <= 0;
  return true;
}

function refuseTarget(target: RecoveryTarget, backup: BackupRef, facts: PitrFacts): void {
  if (backup.systemIdentifier !== facts.systemIdentifier) {
    throw new PgdrillError(
      'PGDRILL_WRONG_SYSTEM',
      `backup ${backup.id} is of system ${backup.systemIdentifier}, the cluster is ${facts.systemIdentifier}`,
      'choose a backup of this cluster',
    );
  }
  if (!endsBefore(backup, target)) {
    throw new PgdrillError(
      'PGDRILL_TARGET_BEFORE_BACKUP',
      `the target lies before the end of backup ${backup.id} (${utcTime(backup.endTime)}, ${backup.endLsn}): until there it is not consistent`,
      `choose a target after it, or an older backup: ${facts.backups.map((item) => item.id).join(', ')}`,
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
 * The segments from the begin of the backup to where WAL ends now, by the history of the target's timeline. The last
 * one may still be being written: the first step has it archived. Any other must be in the archive.
 */
function neededSegments(request: PitrRequest, backup: BackupRef, facts: PitrFacts): string[] {
  const needed = segmentsNeeded(historyOf(request, facts), backup.beginLsn, facts.currentLsn, facts.segmentSize);
  const held = new Set(facts.segments);
  const missing = needed.slice(0, -1).filter((segment) => !held.has(segment));
  const lastHeld = needed.findLastIndex((segment) => held.has(segment));
  const holes = missing.filter((segment) => needed.indexOf(segment) < lastHeld);
  if (holes.length > 0) {
    throw new PgdrillError(
      'PGDRILL_WAL_GAP',
      `${holes.length} of ${needed.length} segments that the target needs are not in the archive: ${holes.slice(0, 5).join(', ')}${holes.length > 5 ? ' …' : ''}`,
      `recovery is possible from backup ${backup.id} up to the segment before ${holes[0]}`,
    );
  }
  return needed;
}

function historyOf(request: PitrRequest, facts: PitrFacts) {
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
  if (facts.synchronous)
    warnings.push('synchronous mode is on: the recovered leader takes no strict write until one replica streams');
  return warnings;
}

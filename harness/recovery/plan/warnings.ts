import { compareLsn } from '../../formats/lsn';
import { utcTime } from '../../formats/timestamptz';
import type { BackupRef } from '../../record/backup-ref';
import { usableBackups } from './choose-backup';
import type { MemberFacts, PitrFacts, PitrRequest } from './facts';
import { namedFirst, stopsAt, type NeededWal } from './needed-segments';
import { sharedMicrosecond } from './shared-microsecond';
import { leaderOf, type TargetBranch } from './timelines';

/** What a person should know before a recovery is carried out, in words. */
export function warningsOf(
  request: PitrRequest,
  facts: PitrFacts,
  backup: BackupRef,
  branch: TargetBranch,
  wal: NeededWal,
): string[] {
  return [...ofTarget(request, facts, backup, branch), ...ofWal(facts, branch, wal), ...ofCluster(facts)];
}

/**
 * The leader may be recovered on, and seldom should be: what it holds is the newest that there is, and its own data
 * directory is the one that the recovery replaces.
 */
export function ofNode(request: PitrRequest, facts: PitrFacts, node: MemberFacts): string[] {
  const others = facts.members.filter((member) => member !== node).map((member) => member.name);
  if (request.mode === 'files' || !node.leader || others.length === 0) return [];
  return [
    `${node.name} is the leader: the only copy of what it alone holds is put aside to recover there. Recovered on ${others.join(' or ')}, the old leader's data stays in place until the end`,
  ];
}

function ofTarget(request: PitrRequest, facts: PitrFacts, backup: BackupRef, branch: TargetBranch): string[] {
  const { target } = request;
  const { timeline } = branch.history;
  const warnings: string[] = [];
  if (target.kind === 'latest') warnings.push('`latest` replays everything in the WAL, a logical accident too');
  const shared = sharedMicrosecond(target, facts.commitsAtTarget);
  if (shared !== undefined) warnings.push(shared);
  if (!branch.own)
    warnings.push(
      `timeline ${timeline} is not the cluster's: all that was committed on timeline ${facts.timeline} since it branched off is discarded`,
    );
  if (target.kind === 'time' && !branch.grows && !branch.lastCommit)
    warnings.push(
      `whether anything ended on timeline ${timeline} after the target is not known: if nothing did, it cannot be reached`,
    );
  if (target.kind === 'time' && branch.grows && branch.lastCommit && !stopsAt(target, branch.lastCommit))
    warnings.push(
      `nothing has ended since the target (last: transaction ${branch.lastCommit.xid} at ${branch.lastCommit.time}), and a time is reached only at a later commit: step archive-tail makes one on the leader and switches the WAL`,
    );
  const { clockBack } = facts;
  if (clockBack)
    warnings.push(
      `the clock went back in the WAL: replay stops at ${clockBack.stop.time} (${clockBack.stop.lsn}), and ${clockBack.behind} transactions behind it, the last at ${clockBack.last.time} (${clockBack.last.lsn}), are not later than the target and are left out; to keep them, lsn:${clockBack.last.lsn}, inclusive`,
    );
  const older = usableBackups(target, facts, branch.history).length;
  if (request.backup === 'auto' && older > 1 && (target.kind === 'xid' || target.kind === 'name'))
    warnings.push(
      `\`auto\` took the newest backup, ${backup.id}: where in the WAL the target lies is not known. If that is before ${utcTime(backup.endTime)}, name an older backup`,
    );
  // Recovery reads from the begin of the backup on, and meets no point from before it.
  const points = facts.restorePoints?.lsns.filter((lsn) => compareLsn(lsn, backup.beginLsn) >= 0) ?? [];
  if (target.kind === 'name' && points.length > 1)
    warnings.push(
      `there are ${points.length} restore points "${target.name}": recovery stops at the first, ${points[0]}; the others are ${points
        .slice(1)
        .map((lsn) => `lsn:${lsn}`)
        .join(', ')}, inclusive`,
    );
  return warnings;
}

function ofWal(facts: PitrFacts, branch: TargetBranch, wal: NeededWal): string[] {
  const warnings: string[] = [];
  if (wal.endsAtGap !== undefined)
    warnings.push(
      `recovery ends at ${wal.endsAtGap}, before ${namedFirst(wal.missing)}, which the archive lacks: all that was committed from there on is lost`,
    );
  else if (wal.missing.length > 0)
    warnings.push(
      `segments after the target are not in the archive (${namedFirst(wal.missing)}): this recovery does not read them, and fetches each segment itself, as \`barman recover\` would want to copy them`,
    );
  if (branch.own && !branch.grows)
    warnings.push(
      `no member leads: the WAL ends at ${branch.endLsn}, with what Barman holds${branch.beside.length > 0 ? ` and ${namedFirst([...new Set(branch.beside)])}, which nobody finished` : ''}`,
    );
  return warnings;
}

function ofCluster(facts: PitrFacts): string[] {
  const warnings: string[] = [];
  if (facts.synchronousStrict)
    warnings.push('synchronous_mode_strict is on: the recovered leader takes no write until one replica streams');
  else if (facts.synchronous)
    warnings.push(
      'synchronous mode is on: until one replica streams, the recovered leader acknowledges writes that it alone holds',
    );
  const { subscriptions = [] } = facts;
  if (subscriptions.length > 0)
    warnings.push(
      `logical subscriptions (${namedFirst(subscriptions)}) come back as they were at the target and go on to consume their publishers' slots once the node leads: not while it is isolated`,
    );
  if (!leaderOf(facts) && facts.subscriptions === undefined)
    warnings.push('no server could be asked for logical subscriptions: look for them before the node leads');
  return warnings;
}

import { utcTime } from '../../formats/timestamptz';
import type { BackupRef } from '../../record/backup-ref';
import { PgdrillError } from '../../record/errors';
import type { PitrPlan } from '../../record/recovery';
import { chooseBackup, usableBackups } from './choose-backup';
import { chooseNode } from './choose-node';
import type { MemberFacts, PitrFacts, PitrRequest } from './facts';
import { isolatedNodeSteps, keptDirectory } from './isolated-node-steps';
import { missingBehind, neededSegments } from './needed-segments';
import { refuseTarget } from './refuse-target';
import { refuseUnstoppable } from './refuse-unstoppable';
import { rejoinOf } from './rejoin-of';
import { sharedMicrosecond } from './shared-microsecond';
import { nextTimeline, targetBranch, type TargetBranch } from './timelines';

/**
 * Plans a point-in-time recovery on one isolated member: a pure function of what is asked for and what was found.
 * Always an explicit timeline: `latest` follows whatever history file lies in the archive (PostgreSQL documentation,
 * 26.3.5 "Timelines").
 * @throws PgdrillError with a code of its own for each thing that cannot be done, the reason with figures, and what
 *   would work
 */
export function planIsolatedNodePitr(request: PitrRequest, facts: PitrFacts): PitrPlan {
  refuseUnsupported(facts);
  refuseUnstoppable(request.target);
  const branch = targetBranch(request.targetTimeline, facts);
  const backup = chooseBackup(request, facts, branch.history);
  refuseTarget(request.target, backup, facts, branch);
  const segments = neededSegments(request.target, backup, facts, branch);
  const newTimeline = nextTimeline(request.targetTimeline, facts);
  const node = chooseNode(request.node, facts);
  const others = facts.members.filter((member) => member.name !== node.name);
  const leader = facts.members.find((member) => member.leader);
  refuseStopped(others);
  refuseSpace(node, backup);
  return {
    strategy: 'isolated-node',
    target: request.target,
    targetTimeline: request.targetTimeline,
    backup: backup.id,
    node: node.name,
    others: others.map((member) => rejoinOf(member, facts)),
    segments,
    steps: isolatedNodeSteps({ request, facts, backup, node, others, newTimeline }),
    warnings: warningsOf(request, facts, backup, branch),
    id: request.id,
    mode: request.mode,
    // Without a cut-over nobody's writes are in the way.
    fence: request.mode === 'cluster' ? request.fence : 'none',
    walMethod: request.walMethod,
    pause: request.pause,
    ...(leader ? { leader: leader.name } : {}),
    segmentSize: facts.segmentSize,
    newTimeline,
    keptDirectory: keptDirectory(node.dataDir, request.id),
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
      `resume it first: docker exec ${facts.members.find((member) => member.leader)?.name ?? facts.members[0]?.name ?? 'db1'} patronictl -c /etc/patroni/patroni.yml resume`,
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

/** The fence is proven by a refused write on every member, and each is copied: both need its container. */
function refuseStopped(others: MemberFacts[]): void {
  const stopped = others.filter((member) => !member.running).map((member) => member.name);
  if (stopped.length === 0) return;
  throw new PgdrillError(
    'PGDRILL_MEMBER_STOPPED',
    `the container of ${stopped.join(' and ')} does not run: it can be neither fenced nor copied`,
    `start it: docker start ${stopped.join(' ')}`,
  );
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

function warningsOf(request: PitrRequest, facts: PitrFacts, backup: BackupRef, branch: TargetBranch): string[] {
  const { target } = request;
  const warnings: string[] = [];
  if (target.kind === 'latest') warnings.push('`latest` replays everything in the WAL, a logical accident too');
  const shared = sharedMicrosecond(target, facts.commitsAtTarget);
  if (shared !== undefined) warnings.push(shared);
  if (!branch.grows)
    warnings.push(
      `timeline ${request.targetTimeline} is not the cluster's: all that was committed on timeline ${facts.timeline} since it branched off is discarded`,
    );
  if (!branch.grows && target.kind === 'time' && !facts.lastCommit)
    warnings.push(
      `whether anything ended on timeline ${request.targetTimeline} after the target is not known: if nothing did, it cannot be reached`,
    );
  const older = usableBackups(target, facts, branch.history).length;
  if (request.backup === 'auto' && older > 1 && (target.kind === 'xid' || target.kind === 'name'))
    warnings.push(
      `\`auto\` took the newest backup, ${backup.id}: where in the WAL the target lies is not known. If that is before ${utcTime(backup.endTime)}, name an older backup`,
    );
  const missing = missingBehind(target, backup, facts, branch);
  if (missing !== undefined)
    warnings.push(
      `segments after the target are not in the archive (${missing}): this recovery does not read them, but \`barman recover\` may end with "Failure copying WAL files" if its catalogue still names them`,
    );
  if (facts.synchronousStrict)
    warnings.push('synchronous_mode_strict is on: the recovered leader takes no write until one replica streams');
  else if (facts.synchronous)
    warnings.push(
      'synchronous mode is on: until one replica streams, the recovered leader acknowledges writes that it alone holds',
    );
  return warnings;
}

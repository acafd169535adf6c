import type { PitrPlan, PlannedStep } from '../../record/recovery';
import { chooseBackup } from './choose-backup';
import { chooseNode } from './choose-node';
import type { PitrFacts, PitrRequest } from './facts';
import { isolatedNodeSteps, keptDirectory, remainingSteps } from './isolated-node-steps';
import { neededWal } from './needed-segments';
import { refuseCluster, refuseRoom, refuseStopped } from './refuse-cluster';
import { refuseTarget } from './refuse-target';
import { refuseUnstoppable } from './refuse-unstoppable';
import { refuseWay } from './refuse-way';
import { rejoinOf } from './rejoin-of';
import { risksOf } from './risks';
import { leaderOf, nextTimeline, onDiskOf, targetBranch } from './timelines';
import { withUnpause } from './unpause-step';
import { ofNode, warningsOf } from './warnings';

/**
 * Plans a point-in-time recovery on one isolated member: a pure function of what is asked for and what was found.
 * Always an explicit timeline: `latest` follows whatever history file lies in the archive (PostgreSQL documentation,
 * 26.3.5 "Timelines").
 * @throws PgdrillError with a code of its own for each thing that cannot be done, the reason with figures, and what
 *   would work
 */
export function planIsolatedNodePitr(request: PitrRequest, facts: PitrFacts): PitrPlan {
  const risks = risksOf(request.force);
  refuseCluster(facts, risks);
  refuseUnstoppable(request.target);
  const node = chooseNode(request.node, facts);
  const branch = targetBranch(request.targetTimeline, facts, node);
  const backup = chooseBackup(request, facts, branch);
  refuseWay(request, facts, node, backup);
  refuseTarget(request.target, backup, facts, branch, risks);
  const wal = neededWal(request.target, backup, facts, branch, request.upToGap);
  const { segments, walFrom } = wal;
  const newTimeline = nextTimeline(request.targetTimeline, facts);
  const others = facts.members.filter((member) => member.name !== node.name);
  const leader = leaderOf(facts);
  refuseStopped(others);
  refuseRoom(node, others, backup, risks);
  const rejoinAsked = { request, backup, history: branch.history, newTimeline, segments };
  const rejoins = others.map((member) => rejoinOf(member, facts, rejoinAsked));
  const usePartial = facts.partial !== undefined && branch.beside.length > 0;
  const useKeptWal = branch.own && !branch.grows && onDiskOf(facts, node) !== undefined;
  const parts = {
    ...{ request, facts, backup, node, others, rejoins, newTimeline },
    ...{ usePartial, useKeptWal, walFrom },
  };
  const { steps, remaining } = resumed(isolatedNodeSteps(parts), remainingSteps(parts), facts);
  return {
    strategy: 'isolated-node',
    target: request.target,
    targetTimeline: request.targetTimeline,
    backup: backup.id,
    node: node.name,
    others: rejoins,
    segments,
    steps,
    ...(remaining.length > 0 ? { remaining } : {}),
    warnings: [...risks.taken, ...ofNode(request, facts, node), ...warningsOf(request, facts, backup, branch, wal)],
    id: request.id,
    mode: request.mode,
    // Without a cut-over nobody's writes are in the way.
    fence: request.mode === 'cluster' ? request.fence : 'none',
    walMethod: request.walMethod,
    pause: request.pause,
    ...(leader ? { leader: leader.name } : {}),
    clusterTimeline: facts.timeline,
    segmentSize: facts.segmentSize,
    newTimeline,
    keptDirectory: keptDirectory(node.dataDir, request.id),
    walFrom,
    ...(usePartial ? { usePartial } : {}),
    ...(useKeptWal ? { useKeptWal } : {}),
    ...(wal.endsAtGap === undefined ? {} : { endsAtGap: wal.endsAtGap }),
  };
}

/** With the step that resumes a paused Patroni, once, wherever the first Patroni is stopped. */
function resumed(
  steps: PlannedStep[],
  remaining: PlannedStep[],
  facts: PitrFacts,
): { steps: PlannedStep[]; remaining: PlannedStep[] } {
  if (!facts.paused) return { steps, remaining };
  const resuming = withUnpause(steps, facts);
  return { steps: resuming, remaining: resuming.length > steps.length ? remaining : withUnpause(remaining, facts) };
}

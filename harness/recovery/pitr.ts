import { listBackups, showBackup } from '../backup/base-backup';
import type { Cluster } from '../cluster/cluster';
import { ownerLabel } from '../engine/ownership';
import { messageOf } from '../record/errors';
import type { Journal, PitrRequest } from '../record/journal';
import type { PitrPlan, RecoveryResult } from '../record/recovery';
import { newId } from '../run/ids';
import { packageVersion } from '../run/package';
import { nowText } from '../run/recorder';
import type { Run } from '../run/run';
import { executePlan } from './execute';
import { gatherFacts } from './gather-facts';
import { journalBeside } from './journal';
import { planIsolatedNodePitr } from './plan/plan-pitr';
import type { Site, StepAction } from './site';

/** Where a recovery works, and who is asked on its way. */
export interface PitrContext {
  run: Run;
  cluster: Cluster;
  episode: number;
  /** Called with the name of the recovered node while it runs outside Patroni; throws to stop the recovery there. */
  checkThere(node: string): Promise<string[]>;
  /** What to do instead of a step of the plan, by its id: for sabotage and experiments. */
  replaced?: Record<string, StepAction>;
}

/** A request with what is left out filled in. */
export function pitrRequest(
  given: Pick<PitrRequest, 'target' | 'backup' | 'targetTimeline'> & Partial<PitrRequest>,
): PitrRequest {
  return {
    id: newId(),
    mode: 'cluster',
    fence: 'now',
    walMethod: 'barman-wal-restore',
    pause: false,
    upToGap: false,
    keepOld: false,
    force: [],
    ...given,
  };
}

/**
 * Facts, then the plan. Nothing is changed.
 * @throws PgdrillError with what is refused and why
 */
export async function planPitr(run: Run, cluster: Cluster, request: PitrRequest): Promise<PitrPlan> {
  const facts = await gatherFacts(run, cluster, request.target, request.targetTimeline);
  return planIsolatedNodePitr(request, facts);
}

/**
 * Carries a plan out, as far as its mode goes.
 * @throws what a step throws; the journal keeps how far it came
 */
export async function carryOut(context: PitrContext, request: PitrRequest, plan: PitrPlan): Promise<RecoveryResult> {
  const { cluster } = context;
  const ids = await listBackups(cluster);
  const backup = await showBackup(cluster, ids.find(({ id }) => id === plan.backup)?.id ?? plan.backup);
  return work(context, { request, plan, backup, result: {}, ownSettings: {}, steps: [], startedAt: nowText() });
}

/**
 * Goes on with a recovery that was cut off, that failed, or that waits, in any process.
 * @param journal as it was found
 */
export async function resumePitr(context: PitrContext, journal: Journal): Promise<RecoveryResult> {
  return work(context, journal);
}

type Begun = Pick<Journal, 'request' | 'plan' | 'backup' | 'result' | 'ownSettings' | 'steps' | 'startedAt'> & {
  version?: number;
};

async function work(context: PitrContext, begun: Begun): Promise<RecoveryResult> {
  const started = performance.now();
  const { plan } = begun;
  const site = siteOf(context, begun);
  const journal = journalBeside(site.node, {
    pgdrill: packageVersion(),
    owner: ownerLabel(),
    startedAt: begun.startedAt,
    ...(begun.version === undefined ? {} : { version: begun.version }),
  });
  try {
    await executePlan(site, { journal, ...(context.replaced ? { replaced: context.replaced } : {}) });
  } catch (error) {
    // Interrupted or failed: the error that ended it counts, whether or not this can still be written down.
    await journal.save(site, 'failed', messageOf(error)).catch(() => undefined);
    throw error;
  }
  const outcome = plan.mode === 'cluster' ? 'done' : 'waiting';
  await journal.save(site, outcome);
  if (outcome === 'done') await journal.remove();
  return {
    strategy: plan.strategy,
    plan,
    outcome,
    node: plan.node,
    ...site.result,
    durationMs: Math.round(performance.now() - started),
  };
}

/** What the steps share, from what the journal keeps. */
export function siteOf(context: PitrContext, begun: Begun): Site {
  const { run, cluster, episode } = context;
  return {
    run,
    cluster,
    episode,
    request: begun.request,
    plan: begun.plan,
    backup: begun.backup,
    node: cluster.member(begun.plan.node),
    checkThere: (node) => context.checkThere(node),
    result: begun.result,
    ownSettings: begun.ownSettings,
    steps: begun.steps,
  };
}

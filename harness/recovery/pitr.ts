import { doneBackup } from '../backup/base-backup';
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
import { membersHold, withHeld } from './members-hold';
import { journalBeside, type JournalStore } from './journal';
import { planIsolatedNodePitr } from './plan/plan-pitr';
import { planWholeClusterPitr } from './plan/whole-cluster';
import { refuseDamaged } from './refuse-damaged';
import { RecoveryWaits } from './recovery-waits';
import type { Look, LookDecision, Site, StepAction } from './site';
import { gatherEtcdFacts } from './whole-cluster/gather-etcd-facts';

/** Where a recovery works, and who is asked on its way. */
export interface PitrContext {
  run: Run;
  cluster: Cluster;
  episode: number;
  /** Called with the name of the recovered node while it runs outside Patroni; throws to stop the recovery there. */
  checkThere(node: string): Promise<string[]>;
  /** Asked at the target, where the plan pauses there: see `Site`. */
  decide?(look: Look): Promise<LookDecision>;
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
 * Facts, then the plan, and a look into the archived WAL that it needs. Nothing is changed.
 * @throws PgdrillError with what is refused and why
 */
export async function planPitr(run: Run, cluster: Cluster, request: PitrRequest): Promise<PitrPlan> {
  const [gathered, held] = await Promise.all([
    gatherFacts(run, cluster, request.target, request.targetTimeline),
    membersHold(cluster),
  ]);
  const facts = withHeld(gathered, held);
  const plan =
    request.strategy === 'whole-cluster'
      ? planWholeClusterPitr(request, facts, await gatherEtcdFacts(cluster))
      : planIsolatedNodePitr(request, facts);
  await refuseDamaged(run, cluster, plan);
  return plan;
}

/**
 * Carries a plan out, as far as its mode goes.
 * @throws what a step throws; the journal keeps how far it came
 */
export async function carryOut(context: PitrContext, request: PitrRequest, plan: PitrPlan): Promise<RecoveryResult> {
  const backup = await doneBackup(context.cluster, plan.backup);
  return goOn(context, { request, plan, backup, result: {}, ownSettings: {}, steps: [], startedAt: nowText() });
}

/** A recovery as far as it has come: what a journal keeps of it. */
export type Begun = Pick<Journal, 'request' | 'plan' | 'backup' | 'result' | 'ownSettings' | 'steps' | 'startedAt'> & {
  version?: number;
};

/**
 * Does the steps of a recovery that are not done yet.
 * @throws what a step throws; the journal keeps how far it came
 */
export async function goOn(context: PitrContext, begun: Begun): Promise<RecoveryResult> {
  const started = performance.now();
  const { plan } = begun;
  const { site, journal } = atWork(context, begun, 'running');
  try {
    await executePlan(site, { journal, ...(context.replaced ? { replaced: context.replaced } : {}) });
  } catch (error) {
    if (error instanceof RecoveryWaits) {
      await journal.save(site, 'waiting', error.message);
      return resultOf(site, 'waiting', started);
    }
    // Interrupted or failed: the error that ended it counts, whether or not this can still be written down.
    await journal.save(site, 'failed', messageOf(error)).catch(() => undefined);
    throw error;
  }
  const outcome = plan.mode === 'cluster' ? 'done' : 'waiting';
  await journal.save(site, outcome);
  if (outcome === 'done' && !site.request.keepOld) await journal.remove();
  return resultOf(site, outcome, started);
}

function resultOf({ plan, result }: Site, outcome: 'done' | 'waiting', started: number): RecoveryResult {
  return {
    strategy: plan.strategy,
    plan,
    outcome,
    node: plan.node,
    ...result,
    durationMs: Math.round(performance.now() - started),
  };
}

/** A recovery in the hands of this process: what its steps share, and where its journal is kept. */
export function atWork(
  context: PitrContext,
  begun: Begun,
  state: 'running' | 'rolling-back',
): { site: Site; journal: JournalStore } {
  const site = siteOf(context, begun);
  const journal = journalBeside(site.node, {
    pgdrill: packageVersion(),
    owner: ownerLabel(),
    startedAt: begun.startedAt,
    ...(begun.version === undefined ? {} : { version: begun.version }),
  });
  site.save = () => journal.save(site, state);
  return { site, journal };
}

/** What the steps share, from what the journal keeps. */
function siteOf(context: PitrContext, begun: Begun): Site {
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
    ...(context.decide ? { decide: (look: Look) => context.decide!(look) } : {}),
    result: begun.result,
    ownSettings: begun.ownSettings,
    steps: begun.steps,
    save: () => Promise.resolve(),
  };
}

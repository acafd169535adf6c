import { PgdrillError } from '../../record/errors';
import type { PitrPlan, PlannedStep } from '../../record/recovery';
import type { PitrFacts, PitrRequest } from './facts';
import { planIsolatedNodePitr } from './plan-pitr';

/** What has to be known of the DCS before it is stopped. */
export interface EtcdFacts {
  /** Names of its containers. */
  members: string[];
  /** Keys of leaders in it that are not this cluster's: Patroni clusters that it serves besides. */
  foreignLeaders: string[];
}

/**
 * Plans a point-in-time recovery with the whole cluster stopped, etcd too: the plan on one isolated node, refusals and
 * all, with two steps more. Nothing can elect anybody while there is no etcd, whatever is started by mistake meanwhile.
 * @throws PGDRILL_STRATEGY_MODE, PGDRILL_ETCD_UNKNOWN, PGDRILL_ETCD_SHARED, and what the plan on one node refuses
 */
export function planWholeClusterPitr(request: PitrRequest, facts: PitrFacts, etcd: EtcdFacts): PitrPlan {
  refuseHalfWay(request);
  refuseEtcd(facts, etcd);
  const plan = planIsolatedNodePitr(request, facts);
  return {
    ...plan,
    strategy: 'whole-cluster',
    steps: wholeClusterSteps(plan.steps, etcd.members),
    warnings: [
      ...plan.warnings,
      'the whole cluster is stopped, etcd too: nothing answers, reads neither, until the recovered node leads',
    ],
  };
}

/**
 * The steps of a recovery on one node with etcd stopped right after the members are fenced, and started right before its
 * keys are cleared: what is cleared later than a Patroni's start is cleared too late.
 */
export function wholeClusterSteps(steps: readonly PlannedStep[], etcd: readonly string[]): PlannedStep[] {
  return steps.flatMap((step) => {
    if (step.id === 'fence') return [step, stopStep(etcd)];
    if (step.id === 'clear-dcs') return [startStep(etcd), step];
    return [step];
  });
}

function stopStep(etcd: readonly string[]): PlannedStep {
  return {
    id: 'stop-etcd',
    title: `stop etcd: ${etcd.join(', ')}`,
    changes: 'the containers of etcd are stopped; what they hold stays',
    commands: [`docker stop ${etcd.join(' ')}`],
    undo: 'they are started again',
  };
}

function startStep(etcd: readonly string[]): PlannedStep {
  return {
    id: 'start-etcd',
    title: `start etcd: ${etcd.join(', ')}`,
    changes: 'the containers of etcd run again',
    commands: [
      `docker start ${etcd.join(' ')}`,
      ...etcd.map((member) => `docker exec ${member} etcdctl endpoint health   # until it is`),
    ],
    undo: 'they are stopped again',
  };
}

/** Everything short of the cut-over leaves the others at work, which is what this strategy is there to prevent. */
function refuseHalfWay({ mode, fence }: PitrRequest): void {
  if (mode === 'cluster' && fence === 'now') return;
  const what = mode === 'cluster' ? `fence ${fence}` : `mode ${mode}`;
  throw new PgdrillError(
    'PGDRILL_STRATEGY_MODE',
    `the whole cluster cannot be isolated with ${what}: it leaves members at work`,
    'recover on one isolated node (strategy isolated-node), or with mode cluster and fence now',
  );
}

function refuseEtcd({ scope }: PitrFacts, { members, foreignLeaders }: EtcdFacts): void {
  if (members.length === 0) {
    throw new PgdrillError(
      'PGDRILL_ETCD_UNKNOWN',
      `the containers of the etcd that serves ${scope} are not known, so it can be neither stopped nor started`,
      'name them in the description of the cluster, or recover on one isolated node',
    );
  }
  if (foreignLeaders.length === 0) return;
  throw new PgdrillError(
    'PGDRILL_ETCD_SHARED',
    `etcd serves other clusters than ${scope}, which would lose their leaders with it: ${foreignLeaders.slice(0, 5).join(', ')}${foreignLeaders.length > 5 ? ` … (${foreignLeaders.length} in all)` : ''}`,
    'recover on one isolated node, which leaves etcd at work',
  );
}

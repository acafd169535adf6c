import type { Incident } from '../record/incident';
import type { RecoveryTarget } from '../record/recovery';
import { executePlan } from './execute';
import { gatherFacts } from './gather-facts';
import { planIsolatedNodePitr } from './plan/plan-pitr';
import type { Recovery } from './recovery';
import type { Site, StepAction } from './site';

/** A step that does nothing. */
export const skipStep: StepAction = () => Promise.resolve('left out');

/** A target that is known once the accident has struck. */
export type TargetChoice = (incident: Incident) => RecoveryTarget;

/** The last moment before the accident: a time by default, or the same moment as LSN. */
export function beforeAccident(options: { by?: 'time' | 'lsn' } = {}): TargetChoice {
  return ({ before }) =>
    options.by === 'lsn'
      ? { kind: 'lsn', lsn: before.lsn, inclusive: false }
      : { kind: 'time', time: before.time, inclusive: true };
}

/**
 * Point-in-time recovery on one isolated member: fenced, restored from Barman, replayed up to the target and looked at
 * outside Patroni; then it leads, and the others are copied from it.
 * @param options.target where to stop
 * @param options.node the member to recover on; default: the first replica
 * @param options.steps what to do instead of a step of the plan, by its id: for sabotage and experiments. `skipStep`
 * leaves one out
 */
export function isolatedNodePitr(options: {
  target: TargetChoice;
  node?: string;
  steps?: Record<string, StepAction>;
}): Recovery {
  return {
    name: 'isolated-node-pitr',
    title: 'PITR on an isolated replica, then leader, then the others rejoined',
    async recover(context) {
      const { run, cluster, episode, incident, backup } = context;
      const started = performance.now();
      const facts = await gatherFacts(run, cluster);
      const request = {
        target: options.target(incident),
        backup: backup.id,
        targetTimeline: incident.before.timeline,
        ...(options.node === undefined ? {} : { node: options.node }),
      };
      const plan = planIsolatedNodePitr(request, facts);
      run.recorder.record({ kind: 'recovery-planned', episode, plan });
      const site: Site = {
        run,
        cluster,
        episode,
        request,
        facts,
        plan,
        backup,
        node: cluster.member(plan.node),
        checkThere: (node) => context.checkThere(node),
        result: {},
        ownSettings: {},
      };
      await executePlan(site, options.steps);
      return {
        strategy: plan.strategy,
        plan,
        outcome: 'done',
        node: plan.node,
        ...site.result,
        durationMs: Math.round(performance.now() - started),
      };
    },
  };
}

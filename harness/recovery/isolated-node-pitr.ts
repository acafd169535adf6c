import { executePlan } from './execute';
import { gatherFacts } from './gather-facts';
import { planIsolatedNodePitr } from './plan/plan-pitr';
import type { Recovery } from './recovery';
import type { Site, StepAction } from './site';
import type { TargetChoice } from './targets';

/** A step that does nothing. */
export const skipStep: StepAction = () => Promise.resolve('left out');

/**
 * Point-in-time recovery on one isolated member: fenced, restored from Barman, replayed up to the target and looked at
 * outside Patroni; then it leads, and the others are copied from it.
 * @param options.target where to stop
 * @param options.timeline the timeline that the target lies on; default: the one on which the accident struck. With one
 * that was abandoned, an earlier recovery is undone
 * @param options.node the member to recover on; default: the first replica
 * @param options.steps what to do instead of a step of the plan, by its id: for sabotage and experiments. `skipStep`
 * leaves one out
 */
export function isolatedNodePitr(options: {
  target: TargetChoice;
  timeline?: number;
  node?: string;
  steps?: Record<string, StepAction>;
}): Recovery {
  return {
    name: 'isolated-node-pitr',
    title: 'PITR on an isolated replica, then leader, then the others rejoined',
    async recover(context) {
      const { run, cluster, episode, incident, backup } = context;
      const started = performance.now();
      const target = options.target(incident);
      const targetTimeline = options.timeline ?? incident.before.timeline;
      const facts = await gatherFacts(run, cluster, target, targetTimeline);
      const request = {
        target,
        backup: backup.id,
        targetTimeline,
        ...(options.node === undefined ? {} : { node: options.node }),
      };
      const plan = planIsolatedNodePitr(request, facts);
      run.recorder.record({ kind: 'recovery-planned', episode, plan });
      for (const text of plan.warnings) run.recorder.record({ kind: 'warning', text });
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

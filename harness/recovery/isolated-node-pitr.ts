import type { PitrRequest } from '../record/journal';
import { carryOut, pitrRequest, planPitr } from './pitr';
import type { Recovery } from './recovery';
import type { Look, LookDecision, StepAction } from './site';
import type { TargetChoice } from './targets';

/** A step that does nothing. */
export const skipStep: StepAction = () => Promise.resolve('left out');

/**
 * Point-in-time recovery on one isolated member: fenced, restored from Barman, replayed up to the target and looked at
 * outside Patroni; then it leads, and the others follow it.
 * @param options.target where to stop
 * @param options.timeline the timeline that the target lies on; default: the one on which the accident struck. With one
 * that was abandoned, an earlier recovery is undone
 * @param options.backup Barman's id, `latest` or `auto`; default: the drill's
 * @param options.node the member to recover on; default: the first replica
 * @param options.fence `cutover` lets the old leader take writes until the recovered one is ready; default `now`
 * @param options.walMethod how the recovering server gets its WAL
 * @param options.pause stop at the target, readable; `decide` is asked there how to go on, and without it the recovery waits
 * @param options.rejoin how the other members come back; default: by what they hold, see `rejoinOf`
 * @param options.steps what to do instead of a step of the plan, by its id: for sabotage and experiments. `skipStep`
 * leaves one out
 */
export function isolatedNodePitr(
  options: {
    target: TargetChoice;
    timeline?: number;
    steps?: Record<string, StepAction>;
    decide?: (look: Look) => Promise<LookDecision>;
  } & Partial<
    Pick<
      PitrRequest,
      'backup' | 'node' | 'strategy' | 'fence' | 'walMethod' | 'pause' | 'rejoin' | 'keepOld' | 'upToGap' | 'force'
    >
  >,
): Recovery {
  const { target, timeline, steps, decide, ...asked } = options;
  return {
    name: 'isolated-node-pitr',
    title: 'PITR on an isolated replica, then leader, then the others rejoined',
    async recover(context) {
      const { run, cluster, episode, incident, backup } = context;
      const request = pitrRequest({
        backup: backup.id,
        ...asked,
        target: target(incident),
        targetTimeline: timeline ?? incident.before.timeline,
      });
      const plan = await planPitr(run, cluster, request);
      run.recorder.record({ kind: 'recovery-planned', episode, plan });
      for (const text of plan.warnings) run.recorder.record({ kind: 'warning', text });
      return carryOut(
        {
          run,
          cluster,
          episode,
          checkThere: (node) => context.checkThere(node),
          ...(steps ? { replaced: steps } : {}),
          ...(decide ? { decide } : {}),
        },
        request,
        plan,
      );
    },
  };
}

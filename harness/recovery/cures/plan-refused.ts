import { describeError } from '../../record/errors';
import { demand } from '../../operations/symptom';
import type { PitrPlan } from '../../record/recovery';
import type { Cure, CureContext } from '../healing/heal';
import { pitrRequest, planPitr } from '../pitr';
import type { TargetChoice } from '../targets';

/**
 * Shows that a recovery to a target would be refused now, before anything is touched.
 * @param code with which
 * @param options.timeline the one that the target lies on: the leader's `now` (default), or that of `before` the accident
 * @throws PGDRILL_NOT_SHOWN where it can be planned, or is refused with another code
 */
export function planRefused(
  target: TargetChoice,
  code: `PGDRILL_${string}`,
  options: { timeline?: 'now' | 'before' } = {},
): Cure {
  return {
    id: 'plan-refused',
    title: `plan a recovery, which is refused: ${code}`,
    async does(context) {
      const refusal = await planNow(context, target, options.timeline).then(() => undefined, describeError);
      demand(
        refusal?.code === code,
        `a plan refused with ${code}`,
        refusal ? JSON.stringify(refusal) : 'it was planned',
      );
      context.symptoms.push(`pgdrill pitr: ${code}: ${refusal!.what}`);
      return refusal!.what;
    },
  };
}

/**
 * Plans a recovery from the drill's backup, which touches nothing.
 * @param timeline the one that the target lies on: the leader's `now`, or that of `before` the accident
 * @throws what the planner refuses with
 */
export async function planNow(
  { run, cluster, backup, incident }: CureContext,
  target: TargetChoice,
  timeline: 'now' | 'before' = 'now',
): Promise<PitrPlan> {
  const leader = await cluster.leader();
  const targetTimeline = timeline === 'before' ? incident.before.timeline : await leader.writtenTimeline();
  return planPitr(run, cluster, pitrRequest({ target: target(incident), targetTimeline, backup: backup.id }));
}

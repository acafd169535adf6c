import { describeError } from '../../record/errors';
import { demand } from '../../operations/symptom';
import type { Cure } from '../healing/heal';
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
    async does({ run, cluster, backup, incident, symptoms }) {
      const leader = await cluster.leader();
      const request = pitrRequest({
        target: target(incident),
        targetTimeline: options.timeline === 'before' ? incident.before.timeline : await leader.writtenTimeline(),
        backup: backup.id,
      });
      const refusal = await planPitr(run, cluster, request).then(() => undefined, describeError);
      demand(
        refusal?.code === code,
        `a plan refused with ${code}`,
        refusal ? JSON.stringify(refusal) : 'it was planned',
      );
      symptoms.push(`pgdrill pitr: ${code}: ${refusal!.what}`);
      return refusal!.what;
    },
  };
}

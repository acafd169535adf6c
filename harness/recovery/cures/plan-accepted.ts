import type { Cure } from '../healing/heal';
import type { TargetChoice } from '../targets';
import { planNow } from './plan-refused';

/**
 * Shows that a recovery from the drill's backup can be planned now: all WAL up to the target is in the archive.
 * @throws what the planner refuses with
 */
export function planAccepted(target: TargetChoice): Cure {
  return {
    id: 'plan-accepted',
    title: 'plan a recovery, which nothing refuses any more',
    async does(context) {
      const { segments } = await planNow(context, target);
      return `${segments.length} segments needed, from ${segments[0]} to ${segments.at(-1)}: all are archived`;
    },
  };
}

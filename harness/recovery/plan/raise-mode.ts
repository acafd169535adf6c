import type { PitrPlan, RecoveryMode } from '../../record/recovery';
import { PgdrillError } from '../../record/errors';

/** The modes in which one goes on to the next, in order. `files` ends on Barman's side: nothing was begun on a node. */
const order: readonly RecoveryMode[] = ['files', 'apply', 'restore', 'cluster'];

/** The last step of a recovery that ends before the cut-over. */
const LAST_THERE = 'check-there';

/**
 * The plan of a recovery that shall go further than it was asked to: the steps that its mode left over are added, and the
 * fence is at the cut-over, for the old leader has gone on acknowledging.
 * @throws PGDRILL_MODE_LOWER, PGDRILL_STEP_UNKNOWN where the plan does not hold the further steps
 */
export function raiseMode(plan: PitrPlan, mode: RecoveryMode): PitrPlan {
  if (mode === plan.mode) return plan;
  if (plan.mode === 'files' || order.indexOf(mode) < order.indexOf(plan.mode)) {
    throw new PgdrillError(
      'PGDRILL_MODE_LOWER',
      `recovery ${plan.id} was begun in mode ${plan.mode}: it cannot go on in mode ${mode}`,
      plan.mode === 'files' ? 'type the commands that it printed' : 'resume it as it is, or roll it back',
    );
  }
  const further = plan.remaining ?? [];
  const cut = mode === 'restore' ? further.findIndex((step) => step.id === LAST_THERE) + 1 : further.length;
  if (cut === 0) {
    throw new PgdrillError(
      'PGDRILL_STEP_UNKNOWN',
      `the plan of recovery ${plan.id} does not hold the steps of mode ${mode}`,
      'roll it back, and recover again with this version',
    );
  }
  return {
    ...plan,
    mode,
    fence: mode === 'cluster' ? 'cutover' : plan.fence,
    steps: [...plan.steps, ...further.slice(0, cut)],
    remaining: further.slice(cut),
  };
}

import type { Cluster } from '../../cluster/cluster';
import { PgdrillError } from '../../record/errors';
import type { Journal } from '../../record/journal';
import { findJournals } from '../../recovery/journal';

/**
 * Recoveries that have changed a member and are not over, the latest first. One that only made files on Barman's side has
 * changed none: what is typed by hand afterwards, its journal cannot know.
 */
export async function halfDone(cluster: Cluster): Promise<Journal[]> {
  const over: readonly Journal['state'][] = ['done', 'rolled-back'];
  return (await findJournals(cluster)).filter(({ state, plan }) => !over.includes(state) && plan.mode !== 'files');
}

/**
 * A second recovery on top of one that is half-done would take the first one's data for the cluster's, and its way back
 * would lead to there.
 * @param command how `pgdrill pitr` is called for this cluster
 * @throws PGDRILL_RECOVERY_UNFINISHED
 */
export async function refuseHalfDone(cluster: Cluster, command: string): Promise<void> {
  const [first] = await halfDone(cluster);
  if (!first) return;
  const { plan, state } = first;
  throw new PgdrillError(
    'PGDRILL_RECOVERY_UNFINISHED',
    `recovery ${plan.id} of ${cluster.description.scope} on ${plan.node} is ${state === 'waiting' ? 'waiting to be gone on with' : `half-done (${state})`}`,
    `finish it: ${command} --resume ${plan.id}; or take it back: ${command} --rollback ${plan.id}; ${command} status tells more`,
  );
}

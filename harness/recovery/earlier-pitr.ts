import type { Operation } from '../operations/operation';
import type { RecoveryTarget } from '../record/recovery';
import { carryOut, pitrRequest, planPitr } from './pitr';

/**
 * A whole recovery that was made before the one which the drill is about, from the newest backup on the cluster's timeline,
 * without a look at what came back: to be undone, repeated or followed by another. Notes the timeline that it made as
 * `timeline of the earlier recovery`.
 * @param target where it stops
 */
export function earlierPitr(target: RecoveryTarget): Operation {
  return async ({ run, cluster }) => {
    const leader = await cluster.leader();
    const request = pitrRequest({ target, backup: 'latest', targetTimeline: await leader.writtenTimeline() });
    const plan = await planPitr(run, cluster, request);
    const checkThere = () => Promise.resolve(['not looked at: an earlier recovery']);
    const { newTimeline } = await carryOut({ run, cluster, episode: 0, checkThere }, request, plan);
    await cluster.awaitStreaming('members rejoined');
    return { noted: { 'timeline of the earlier recovery': String(newTimeline) } };
  };
}

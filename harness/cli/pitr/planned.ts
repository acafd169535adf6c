import { doneBackup } from '../../backup/base-backup';
import { archivedFiles } from '../../backup/wal-archive';
import type { Cluster } from '../../cluster/cluster';
import { pitrRequest, planPitr } from '../../recovery/pitr';
import { timelineOfTarget } from '../../recovery/timeline-of-target';
import type { Run } from '../../run/run';
import { onServer } from './barman-server-of';
import type { PitrAsk } from './options';
import type { ShownPlan } from './plan-text';
import { readTarget } from './target-moment';

/** A recovery that can be carried out: its cluster (with the Barman server asked for), and what is shown of its plan. */
export interface Planned extends ShownPlan {
  cluster: Cluster;
  /** What people have to be told of how a name was understood. */
  note?: string;
}

/**
 * From what was asked to a plan. Nothing is changed.
 * @throws PgdrillError with what is refused and why
 */
export async function plannedOf(run: Run, given: Cluster, ask: PitrAsk): Promise<Planned> {
  const { cluster, note } = await onServer(run, given, ask.server);
  const { target, reading } = await readTarget(cluster, ask.target, ask.inclusive, ask.written);
  const targetTimeline = ask.timeline ?? (await timelineOfTarget(run, cluster, target));
  const { backup, mode, fence, walMethod, pause, upToGap, keepOld, force, node, strategy } = ask;
  const request = pitrRequest({
    target,
    targetTimeline,
    ...{ backup, mode, fence, walMethod, pause, upToGap, keepOld, force },
    ...(node === undefined ? {} : { node }),
    ...(strategy === 'isolated-node' ? {} : { strategy }),
  });
  const plan = await planPitr(run, cluster, request);
  const [files, chosen] = await Promise.all([archivedFiles(cluster.barman), doneBackup(cluster, plan.backup)]);
  return {
    cluster,
    request,
    plan,
    scope: cluster.description.scope,
    held: files.segments,
    backup: chosen,
    ...(note === undefined ? {} : { note }),
    ...(reading === undefined ? {} : { reading }),
  };
}

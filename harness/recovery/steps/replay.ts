import { completeWal } from '../../backup/complete-wal';
import type { Site, Step } from '../site';
import { awaitStop, startIsolated } from './isolated-server';
import { noteBranch } from './new-branch';
import { stopPostgres } from './stop-isolated';

/**
 * PostgreSQL started outside Patroni, replaying up to the target, where it promotes itself, or pauses to be looked at.
 * @throws PGDRILL_RECOVERY_FAILED with the server's own last words
 */
export const replay: Step = { do: replayToTarget, undo: stopPostgres };

async function replayToTarget(site: Site): Promise<string> {
  const { cluster, node, plan } = site;
  // A server that an earlier try has started fetches what it lacks.
  if (!(await node.hasPostmaster()))
    await completeWal(cluster, { node, segments: plan.segments, segmentSize: plan.segmentSize });
  await startIsolated(site);
  if ((await awaitStop(site)) === 'promoted') return noteBranch(site);
  return `paused at ${await node.value('SELECT pg_last_wal_replay_lsn()')}, readable`;
}

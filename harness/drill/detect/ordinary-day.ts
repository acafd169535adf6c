import { receives } from '../../backup/receive-again';
import type { Cluster } from '../../cluster/cluster';
import { PgdrillError } from '../../record/errors';
import type { Run } from '../../run/run';
import { until } from '../../run/until';

/**
 * What happens on any day, between a fault and those who look for it: something is committed, a change of segment,
 * the archiver's try at it, checkpoints, and Barman's at what came. What fails of it is for the detectors to notice, and ends nothing.
 */
export async function ordinaryDay(run: Run, cluster: Cluster): Promise<void> {
  await tolerant(run, async () => {
    const leader = await cluster.leader();
    const tries = async () => Number(await leader.value('SELECT archived_count + failed_count FROM pg_stat_archiver'));
    const before = await tries();
    await leader.query('SELECT pg_current_xact_id()');
    await leader.query('SELECT pg_switch_wal()');
    await until('archiver tried', run, async () => (await tries()) > before);
  });
  // What was killed and can start again has started.
  for (const node of cluster.nodes) {
    await tolerant(run, () => until('member settled', run, async () => (await node.restStatus('/health')) === 200));
  }
  // It is begun anew a second after it ended: with the leader that was restarted, say.
  await tolerant(run, () => until('receive-wal came back', run, () => receives(cluster)));
  // Every member makes one of its own each few minutes.
  for (const node of cluster.nodes) await tolerant(run, () => node.query('CHECKPOINT'));
  const { barman } = cluster;
  await tolerant(run, () => barman.barman(['archive-wal', barman.server], { check: false }));
}

async function tolerant(run: Run, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (run.signal.aborted) throw error;
    run.note(`on an ordinary day: ${error instanceof PgdrillError ? error.what : String(error)}`);
  }
}

import type { Cluster } from '../cluster/cluster';
import { PgdrillError } from '../record/errors';
import type { Run } from '../run/run';
import { until } from '../run/until';
import { awaitSynchronousStandby } from './synchronous-mode';

/**
 * A planned change of leader through Patroni's REST API (`POST /switchover`, Patroni's documentation "REST API"):
 * `patronictl` names the leader's option differently from release to release.
 * @param to the new leader; default: the first healthy replica, under synchronous mode the one that `/sync` names, for
 * Patroni refuses any other ("candidate name does not match with sync_standby")
 * @returns the names of the old and the new leader
 * @throws PGDRILL_SWITCHOVER_REFUSED with Patroni's own words
 */
export async function switchover(run: Run, cluster: Cluster, to?: string): Promise<{ from: string; to: string }> {
  const leader = await cluster.awaitStreaming();
  const candidate = to ?? (await awaitSynchronousStandby(run, cluster)) ?? cluster.others(leader.name)[0]?.name;
  if (candidate === undefined) {
    throw new PgdrillError(
      'PGDRILL_SWITCHOVER_REFUSED',
      'the cluster has one member only',
      'run the drill with --nodes 2 or more',
    );
  }
  const port = await leader.restPort();
  const response = await fetch(`http://127.0.0.1:${port}/switchover`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ leader: leader.name, candidate }),
    signal: run.signal,
  });
  const answer = await response.text();
  if (!response.ok) {
    throw new PgdrillError(
      'PGDRILL_SWITCHOVER_REFUSED',
      `Patroni answered ${response.status}: ${answer.trim()}`,
      'look at the log of the leader, kept with the run',
    );
  }
  await until(
    'switchover done',
    run,
    async () => {
      const found = await cluster.findLeader();
      return found?.name === candidate && (await found.inRecovery()) === false;
    },
    { everyMs: 150, seen: () => answer.trim() },
  );
  return { from: leader.name, to: candidate };
}

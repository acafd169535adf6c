import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import { PgdrillError } from '../record/errors';
import { until, type WaitContext } from '../run/until';

/**
 * Copies a replica anew from the leader (`POST /reinitialize`, Patroni's documentation "REST API"), and waits until it
 * streams on the leader's timeline. While Patroni is busy with the member it answers 503, and is asked again.
 * @returns Patroni's answer, and the timeline
 * @throws PGDRILL_PATRONI_REFUSED with Patroni's own words; PGDRILL_DEADLINE
 */
export async function copyAnew(
  run: WaitContext,
  cluster: Cluster,
  node: PatroniNode,
): Promise<{ said: string; timeline: number }> {
  const startedAt = () => node.value('SELECT pg_postmaster_start_time()').catch(() => undefined);
  const before = await startedAt();
  let said = 'no answer';
  await until(
    'member answers',
    run,
    async (signal) => {
      const response = await fetch(`http://127.0.0.1:${await node.restPort()}/reinitialize`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ force: true }),
        signal,
      });
      said = (await response.text()).trim();
      if (response.ok || response.status === 503) return response.ok;
      throw new PgdrillError(
        'PGDRILL_PATRONI_REFUSED',
        `Patroni of ${node.name} answered ${response.status} to POST /reinitialize: ${said}`,
        'look at the log of the member, kept with the run',
      );
    },
    { everyMs: 500, seen: () => said },
  );
  const timeline = await until('members rejoined', run, async () => {
    const leader = await cluster.findLeader();
    const status = await node.patroni();
    const wanted = await leader?.writtenTimeline();
    const streams = /^(running|streaming)$/.test(status?.state ?? '') && status?.role === 'replica';
    if (!streams || status.timeline !== wanted) return undefined;
    const now = await startedAt();
    return now !== undefined && now !== before ? wanted : undefined;
  });
  return { said, timeline };
}

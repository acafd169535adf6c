import type { PatroniNode } from '../cluster/patroni-node';
import { until, type WaitContext } from '../run/until';
import { askPatroni } from './ask-patroni';

/**
 * PostgreSQL of one member restarted in order by its Patroni (`POST /restart`): the leader stays the leader. Its buffers are
 * empty afterwards, so that every block comes from the disk.
 * @throws PGDRILL_PATRONI_REFUSED; PGDRILL_DEADLINE
 */
export async function restartMember(run: WaitContext, node: PatroniNode): Promise<void> {
  const started = 'SELECT extract(epoch FROM pg_postmaster_start_time())';
  const before = await node.value(started);
  await askPatroni(run, node, 'POST', '/restart', {});
  await until('member answers', run, async () => (await node.value(started)) !== before);
}

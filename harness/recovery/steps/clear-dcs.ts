import { staleKeys } from '../plan/isolated-node-steps';
import type { Site, Step } from '../site';

/**
 * Without this, the recovered node never leads ("My wal position exceeds maximum replication lag"), and once the others
 * start, one that carries the accident is promoted, to the same timeline number.
 */
export const clearDcs: Step = { do: clear, undo: clear };

/** Undone by the same: what the recovered node wrote there is as stale for the old leader. Every Patroni is stopped. */
async function clear({ cluster }: Site): Promise<string> {
  const before = Object.keys(await cluster.etcd.keys()).filter((key) => (staleKeys as readonly string[]).includes(key));
  await cluster.etcd.delete(staleKeys);
  return before.length > 0 ? `deleted ${before.join(', ')}` : 'nothing to delete';
}

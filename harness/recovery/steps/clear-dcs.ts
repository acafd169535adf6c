import { staleKeys } from '../plan/isolated-node-steps';
import type { StepAction } from '../site';

/**
 * Without this, the recovered node never leads ("My wal position exceeds maximum replication lag"), and once the others
 * start, one that carries the accident is promoted, to the same timeline number.
 */
export const clearDcs: StepAction = async ({ cluster }) => {
  const before = Object.keys(await cluster.etcd.keys()).filter((key) => (staleKeys as readonly string[]).includes(key));
  await cluster.etcd.delete(staleKeys);
  return before.length > 0 ? `deleted ${before.join(', ')}` : 'nothing to delete';
};

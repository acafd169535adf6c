import { randomBytes } from 'node:crypto';

/**
 * An id that sorts by time, is unique on a machine, and is fit for container names: `20261121t055102-3fa9c1`.
 * @param now the moment, for tests
 */
export function newId(now: Date = new Date()): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase();
  return `${stamp}-${randomBytes(3).toString('hex')}`;
}

/** Labels by which a later process finds again what a run has made. Values are never secret. */
export const labels = {
  /** On everything pgdrill makes; its value is the run's id. */
  run: 'pgdrill.run',
  /** pid of the process that made it, and that process's start time, so that a recycled pid is not taken for it. */
  owner: 'pgdrill.owner',
  /** Set to `kept` by `up` and `--keep`: the sweep of stale runs leaves it alone. */
  kept: 'pgdrill.kept',
  /** What a container is: `db`, `etcd`, `barman`. */
  role: 'pgdrill.role',
  /** The name inside its cluster: `db1`. */
  member: 'pgdrill.member',
  /** The cluster's name inside its drill: `main`. */
  cluster: 'pgdrill.cluster',
  /** On images: the content hash of what they were built from. */
  content: 'pgdrill.content',
} as const;

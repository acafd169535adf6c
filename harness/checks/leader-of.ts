import type { ClusterEvidence } from '../record/evidence';

/**
 * The member that takes writes, by PostgreSQL's own word (`pg_is_in_recovery()` is false). When several say so, the one
 * of them that etcd names; undefined when none does. Whether Patroni and etcd agree is the check `leader`'s matter.
 */
export function leaderOf(cluster: ClusterEvidence): string | undefined {
  const writable = Object.keys(cluster.members).filter((name) => cluster.members[name]?.inRecovery === false);
  return writable.length === 1 ? writable[0] : writable.find((name) => name === cluster.dcs?.leader);
}

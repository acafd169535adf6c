import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { PgdrillError } from '../../record/errors';
import { until, type WaitContext } from '../../run/until';

/** Looks in a row at which no server was up on any member, until nobody is waited for any more. */
const LOOKS_WITHOUT_SERVER = 5;

/**
 * The leader, waited for as long as a failover may take; undefined where none comes. Where no server is up on any member,
 * nobody can be elected, and it is not waited for longer than a restart takes.
 *
 * A plan that is made in the middle of a failover would be wrong a moment later: the one who is promoted goes on to another
 * timeline.
 */
export async function settledLeader(context: WaitContext, cluster: Cluster): Promise<PatroniNode | undefined> {
  let without = 0;
  try {
    const found = await until(
      'leader looked for',
      context,
      async () => {
        const leader = await cluster.findLeader();
        if (leader) return { leader };
        const up = await Promise.all(cluster.nodes.map((node) => node.inRecovery()));
        without = up.every((answer) => answer === undefined) ? without + 1 : 0;
        return without >= LOOKS_WITHOUT_SERVER ? { leader: undefined } : undefined;
      },
      { everyMs: 500, seen: () => 'no leader' },
    );
    return found.leader;
  } catch (error) {
    if (error instanceof PgdrillError && error.code === 'PGDRILL_DEADLINE') return undefined;
    throw error;
  }
}

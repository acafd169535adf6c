import type { PatroniNode } from '../../cluster/patroni-node';
import { messageOf } from '../../record/errors';
import { until } from '../../run/until';
import type { Cure } from '../healing/heal';

/** Waits until every member refuses a write: nobody can have one acknowledged from then on, until the cause is gone. */
export function refusesWrites(): Cure {
  return {
    id: 'refuses-writes',
    title: 'wait until every member refuses a write',
    async does({ run, cluster }) {
      let seen: string[] = [];
      await until(
        'members fenced',
        run,
        async () => {
          const tried = await Promise.all(cluster.nodes.map(async (node) => [node.name, await refusal(node)] as const));
          seen = tried.map(([name, refused]) => `${name}: ${refused ?? 'takes writes'}`);
          return tried.every(([, refused]) => refused !== undefined);
        },
        { seen: () => seen.join('; ') },
      );
      return seen.join('; ');
    },
  };
}

/** How a member refuses a transaction that would be written to the WAL and changes nothing; undefined where it takes it. */
async function refusal(node: PatroniNode): Promise<string | undefined> {
  try {
    await node.value('SELECT pg_current_xact_id()');
    return undefined;
  } catch (error) {
    return messageOf(error) || 'no answer';
  }
}

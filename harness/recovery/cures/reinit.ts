import { copyAnew } from '../../operations/copy-anew';
import type { Cure } from '../healing/heal';
import { nodeOf, type Whose } from './whose';

/**
 * Copies a replica anew from the leader, and waits until it streams on the leader's timeline.
 * @throws PGDRILL_PATRONI_REFUSED with Patroni's own words
 */
export function reinit(whose: Whose): Cure {
  return {
    id: 'reinit',
    title: `copy ${whose} anew from the leader`,
    changes: true,
    async does(context) {
      const { run, cluster } = context;
      const node = await nodeOf(context, whose);
      const { said, timeline } = await copyAnew(run, cluster, node);
      return `${node.name} was copied anew ("${said}"), timeline ${timeline}`;
    },
  };
}

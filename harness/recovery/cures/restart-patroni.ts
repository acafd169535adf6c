import type { Cure } from '../healing/heal';
import { nodeOf, type Whose } from './whose';

/** Stops a member's Patroni in order, and PostgreSQL with it, and starts it again. */
export function restartPatroni(whose: Whose): Cure {
  return {
    id: 'restart-patroni',
    title: `restart Patroni of ${whose}`,
    changes: true,
    async does(context) {
      const node = await nodeOf(context, whose);
      await node.stopPatroni();
      await node.startPatroni();
      return `Patroni of ${node.name} started anew`;
    },
  };
}

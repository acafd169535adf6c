import type { Step } from '../site';
import { noteRefused, refusedWrite } from './refused-write';

/**
 * The member that is recovered on leaves the cluster, which goes on without it: Patroni stopped, the container up. With
 * its Patroni stopped it cannot be elected, and that it takes no write any more is tried.
 */
export const isolate: Step = {
  async do({ node, result }) {
    await node.stopPatroni();
    const refused = await refusedWrite(node);
    // From here on nobody but the superuser gets in there: the fence of the others is added to this.
    noteRefused(result, [{ member: node.name, refused }]);
    return `${node.name} is out of the cluster, and refuses a write (${refused})`;
  },
  async undo({ node }) {
    await node.startPatroni();
    return `${node.name} is back`;
  },
};

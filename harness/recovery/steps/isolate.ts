import type { Step } from '../site';

/** The member that is recovered on leaves the cluster, which goes on without it: Patroni stopped, the container up. */
export const isolate: Step = {
  async do({ node }) {
    await node.stopPatroni();
    return `${node.name} is out of the cluster`;
  },
  async undo({ node }) {
    await node.startPatroni();
    return `${node.name} is back`;
  },
};

import type { StepAction } from '../site';
import { removeAside } from './data-aside';

/**
 * Removes the old data directories, unless they are to be kept: from the first acknowledged write on, there is no way back
 * to them anyhow.
 */
export const tidy: StepAction = async ({ cluster, plan, request }) => {
  if (request.keepOld) return 'kept, as asked for';
  await Promise.all(
    cluster.nodes.map(async (node) => {
      if (!(await node.container.isRunning())) return;
      await removeAside(node, plan.id);
    }),
  );
  return 'removed';
};

import type { StepAction } from '../site';

/** Removes the old data directory: from the first acknowledged write on, there is no way back to it anyhow. */
export const tidy: StepAction = async ({ node, plan }) => {
  await node.exec(['rm', '-rf', plan.keptDirectory]);
  return 'removed';
};

import { keptDirectory } from '../plan/isolated-node-steps';
import type { StepAction } from '../site';

/** Removes the old data directory: from the first acknowledged write on, there is no way back to it anyhow. */
export const tidy: StepAction = async ({ node }) => {
  await node.exec(['rm', '-rf', keptDirectory(node.dataDir)]);
  return 'removed';
};

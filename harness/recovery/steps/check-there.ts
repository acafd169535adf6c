import { cameBack } from '../came-back';
import type { StepAction } from '../site';

/**
 * What came back with the data is listed; then the caller looks at the isolated node, and what it throws stops the
 * recovery before anything else has changed.
 */
export const checkThere: StepAction = async (site) => {
  const found = await cameBack(site.node);
  if (found.length > 0) site.result.cameBack = found;
  site.result.checkedThere = await site.checkThere(site.node.name);
  return [...site.result.checkedThere, ...found].join('; ');
};

import type { StepAction } from '../site';

/** The caller looks at the isolated node; what it throws stops the recovery before anything else has changed. */
export const checkThere: StepAction = async (site) => {
  site.result.checkedThere = await site.checkThere(site.node.name);
  return site.result.checkedThere.join('; ');
};

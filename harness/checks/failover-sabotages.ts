import { asBeforeSabotages } from './as-before.sabotage';
import { lossSabotages } from './loss.sabotage';

/** Those of a cluster that healed: they are tried on `honestFailover` only. */
export const failoverSabotages = [...lossSabotages, ...asBeforeSabotages];

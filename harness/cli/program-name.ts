import { isCheckout, packageRoot } from '../../bin/machine/root.cjs';

/** How pgdrill is called here: in a checkout it is on no PATH, and `npx` finds the package that it is run in. */
export function programName(): string {
  return isCheckout(packageRoot()) ? 'npx pgdrill' : 'pgdrill';
}

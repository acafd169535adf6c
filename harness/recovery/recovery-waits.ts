/**
 * A step's way to say that it waits for somebody's decision: the recovery ends as `waiting`, with everything as it is, and
 * a resume begins the step anew.
 */
export class RecoveryWaits extends Error {
  override readonly name = 'RecoveryWaits';
}

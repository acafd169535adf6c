import { killPostmaster } from './failover/kill-postmaster';
import type { AccidentKind } from './kind';

/** Every kind of accident, by family, in the order in which they are listed. A test holds it to the files. */
export const accidentKinds: readonly AccidentKind[] = [killPostmaster.kind as AccidentKind];

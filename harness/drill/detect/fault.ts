import { accidentKinds } from '../../accidents/catalogue';
import { checkedOptions } from '../../accidents/define-accident';
import type { AccidentKind } from '../../accidents/kind';
import { PgdrillError } from '../../record/errors';

/** One row of the matrix: an accident, with what, on whom. */
export interface Fault {
  /** Lower-case words joined by hyphens. */
  name: string;
  /** One line for people. */
  title: string;
  /** Name of the accident. */
  accident: string;
  options?: Record<string, unknown>;
  /** A role; default the accident's own. */
  on?: string;
  /** Whom detectors of members look at where it strikes several, or none of them. Default the leader. */
  looksAt?: 'replica';
  /**
   * What it takes until the cluster is sound again, beside the accident's own undo: `restart`, so that no buffer holds what
   * was on disk; `copy`, the struck member copied anew, another leading before; `backup`, a base backup made anew.
   */
  cure?: 'restart' | 'copy' | 'backup';
}

/** The accident of a fault, with its options checked. @throws PGDRILL_UNKNOWN_ACCIDENT, PGDRILL_ACCIDENT_OPTIONS */
export function accidentOf(fault: Fault): { kind: AccidentKind; options: Record<string, unknown> } {
  const kind = accidentKinds.find(({ name }) => name === fault.accident);
  if (!kind) {
    throw new PgdrillError(
      'PGDRILL_UNKNOWN_ACCIDENT',
      `no accident is called "${fault.accident}"`,
      'choose of those that `pgdrill list --accidents` shows',
    );
  }
  return { kind, options: checkedOptions(kind, fault.options ?? {}) };
}

import type { PatroniNode } from '../../cluster/patroni-node';
import type { RolesEvidence } from '../../record/roles';
import { nowText } from '../../run/recorder';
import { pause } from '../../run/until';
import { FirstAndLast } from './first-and-last';

type Change = RolesEvidence['rest'][number];

/** How many changes of one member are kept at either end of the record. */
const KEPT = 60;
/** Between two looks at a member, ms: Patroni answers in Python, from the process that has to keep the cluster. */
const EVERY_MS = 500;

/** What Patroni says of itself on one member, changes only. A hint: between two looks anything may have been. */
export class RestHistory {
  private readonly changes = new FirstAndLast<Change>(KEPT);

  constructor(private readonly node: PatroniNode) {}

  /** Asks until the signal aborts. Never throws. */
  async follow(signal: AbortSignal): Promise<void> {
    let last: Change | undefined;
    while (!signal.aborted) {
      // A member that does not answer lets the look hang for seconds: it fell silent at its begin, not at its end.
      const at = nowText();
      const status = await this.node.patroni().catch(() => undefined);
      if (signal.aborted) return;
      const now: Change = {
        at: status ? nowText() : at,
        member: this.node.name,
        role: status ? roleOf(status) : 'none',
        ...(status?.timeline === undefined ? {} : { timeline: status.timeline }),
      };
      if (last?.role !== now.role || last.timeline !== now.timeline) this.changes.push(now);
      last = now;
      await pause(EVERY_MS, signal);
    }
  }

  kept(): Change[] {
    return this.changes.kept();
  }

  omitted(): number {
    return this.changes.omitted()?.count ?? 0;
  }
}

/** Patroni goes on naming the last role while PostgreSQL is stopped or starts: then the state tells more. */
function roleOf({ role, state }: { role: string; state: string }): string {
  return state === 'running' || state === 'streaming' ? role : `${role} (${state})`;
}

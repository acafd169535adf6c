import type { EventOf, RunEvent } from '../record/events';
import { exitCodeOf } from '../record/outcome';
import type { SessionPhase, SessionRun } from '../record/session';
import type { ProcessEnd } from './drill-process';

/** What is known of a run before its first event. */
export interface RunHead {
  run: string;
  drill: string;
  title: string;
  seed: number;
  started: string;
}

/** Folds the events of a run, and then the end of its process, into what the session says about it. */
export class RunSummary {
  private readonly phases: SessionPhase[] = [];
  private readonly warnings: string[] = [];
  private open: { event: EventOf<'phase-started'>; at: number } | undefined;
  private struck = false;
  private error: EventOf<'error'> | undefined;
  private verdict: EventOf<'verdict'>['verdict'] | undefined;
  private leftovers: string[] = [];

  constructor(private head: RunHead) {}

  take(event: RunEvent): void {
    switch (event.kind) {
      case 'run-started':
        this.head = { ...this.head, drill: event.drill, title: event.title };
        break;
      case 'phase-started':
        this.open = { event, at: Date.parse(event.at) };
        // From here on the cluster may be damaged: what stops the run now is no "not-run" any more.
        if (event.phase.startsWith('accident')) this.struck = true;
        break;
      case 'phase-ended': {
        const { phase, title, outcome, durationMs, summary } = event;
        this.phases.push({ phase, title, outcome, durationMs, ...(summary === undefined ? {} : { summary }) });
        this.open = undefined;
        break;
      }
      case 'incident':
        this.struck = true;
        break;
      case 'warning':
        this.warnings.push(event.text);
        break;
      case 'error':
        this.error ??= event;
        break;
      case 'verdict':
        this.verdict = event.verdict;
        break;
      case 'run-ended':
        this.leftovers = event.leftovers;
        break;
    }
  }

  /**
   * @param end how the run's process ended
   * @param interrupted the session was interrupted while it ran
   * @param durationMs of the process
   * @param strict a skipped run counts as not run
   */
  result(end: ProcessEnd, interrupted: boolean, durationMs: number, strict: boolean): SessionRun {
    if (this.open) {
      const { phase, title } = this.open.event;
      this.phases.push({ phase, title, outcome: 'cut', durationMs: Math.max(0, Date.now() - this.open.at) });
    }
    const stopped = this.stopped(end);
    const verdict = this.verdict;
    const state = verdict
      ? { outcome: verdict.outcome, interrupted: verdict.interrupted ?? false }
      : {
          outcome: interrupted || this.struck ? ('unverified' as const) : ('not-run' as const),
          interrupted: interrupted || (this.error?.interrupted ?? false),
        };
    return {
      ...this.head,
      ...(end.said?.drill ? { drill: end.said.drill.id, title: end.said.drill.title } : {}),
      durationMs,
      ...state,
      exitCode: exitCodeOf(state, strict),
      dir: this.head.run,
      ...(stopped ? { stopped } : {}),
      phases: this.phases,
      warnings: this.warnings,
      leftovers: this.leftovers,
      ...(verdict ? { verdict } : {}),
    };
  }

  private stopped(end: ProcessEnd): SessionRun['stopped'] {
    const phase = this.open?.event.phase;
    if (this.error) {
      const { phase: where, code, what, cure, cause } = this.error;
      return { phase: where, code, what, ...(cure ? { cure } : {}), ...(cause ? { cause } : {}) };
    }
    if (this.verdict) return undefined;
    if (end.said?.error) return { ...(phase ? { phase } : {}), ...end.said.error };
    return {
      ...(phase ? { phase } : {}),
      code: 'PGDRILL_DRILL_PROCESS_DIED',
      what: `the drill's process ended before it could judge: ${end.how}`,
      cure: 'look at child.log in the run’s folder, and at the kernel’s log for an out-of-memory kill',
    };
  }
}

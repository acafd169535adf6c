import type { EventOf, RunEvent } from '../../record/events';

/** What is going on in a run at this moment, from its events so far. */
export interface RunProgress {
  drill: string;
  /** Phases that have not begun, in order. */
  pending: string[];
  running?: RunningPhase;
  ended: boolean;
}

export interface RunningPhase {
  phase: string;
  /** Clock of the viewer, ms. */
  sinceMs: number;
  /** The last note, or the title of the step that is running. */
  doing?: string;
}

export const nothingYet: RunProgress = { drill: '', pending: [], ended: false };

/**
 * The state after one more event. Pure.
 * @param nowMs the viewer's clock in ms, of any origin
 */
export function advance(progress: RunProgress, event: RunEvent, nowMs: number): RunProgress {
  switch (event.kind) {
    case 'run-started':
      return { drill: event.drill, pending: [...event.phases], ended: false };
    case 'phase-started':
      return {
        ...progress,
        pending: after(progress.pending, event.phase),
        running: { phase: event.phase, sinceMs: nowMs },
      };
    case 'phase-ended':
      return { ...progress, running: undefined };
    case 'note':
      return doing(progress, event.text);
    case 'step-started':
      return doing(progress, event.title);
    case 'step-ended':
      return doing(progress, undefined);
    case 'error':
      // Nothing of what was planned comes any more.
      return { ...progress, pending: [] };
    case 'run-ended':
      return { ...progress, running: undefined, pending: [], ended: true };
    default:
      return progress;
  }
}

/** What a run is done with, on one line, for the head of a view. */
export function runFacts(event: EventOf<'run-started'>): string {
  return `stack ${event.stack}, dataset ${event.dataset}, seed ${event.seed}, run ${event.run}`;
}

function doing(progress: RunProgress, text: string | undefined): RunProgress {
  return progress.running ? { ...progress, running: { ...progress.running, doing: text } } : progress;
}

/** Phases that come after this one; a phase that was passed over does not come any more. */
function after(pending: string[], phase: string): string[] {
  return pending.slice(pending.indexOf(phase) + 1);
}

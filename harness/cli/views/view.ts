import type { RunEvent } from '../../record/events';

/** One way to show a session while it goes on. All views are fed by the same stream of events. */
export interface View {
  /**
   * Shows one event of a run.
   * @param run id of the run
   */
  event(run: string, event: RunEvent): void;
  /** Shows text of the command itself (a verdict, "interrupted"), between the lines of events. */
  print(text: string): void;
  /** Ends the view; the terminal is as before. Idempotent. */
  close(): void;
}

export interface ViewOptions {
  /** Ids of the drills to come; lines bear the drill's name when there are several. */
  drills: readonly string[];
  /** Show notes, too. */
  verbose?: boolean;
}

import type { ErrorRecord } from '../record/errors';
import type { RunEvent } from '../record/events';
import type { Outcome } from '../record/outcome';

/** What the command line may set instead of the drill's own choice. */
export interface RunOverrides {
  /** Name of the versions under test: `bookworm`. */
  stack?: string;
  /** `thai:tiny`, `thai:small`, or an absolute path of a dump. */
  dataset?: string;
  /** Patroni members, 1 to 5. */
  nodes?: number;
  /** Leaves the cluster up at the end. */
  keep?: boolean;
  /** Restores the fresh backup aside after the recovery and judges it too. */
  deep?: boolean;
  /** Tables with more rows are counted in full and digested in part: one key in `oneIn`. */
  sampling?: { sampleAbove: number; oneIn: number };
  /** Ids of cures that are left out of the recovery. */
  without?: string[];
  /** The verdict is expected to be red: a sabotage. */
  expectRed?: boolean;
}

/** What a drill's process is told to do: one run of one drill. */
export interface Job {
  /** Absolute path of the drill's file. */
  file: string;
  runId: string;
  /** The session's folder, absolute; the run's own folder is made in it. */
  sessionDir: string;
  seed: number;
  deadlineScale: number;
  overrides: RunOverrides;
  /** The command's own arguments, redacted; kept in the run's first event. */
  arguments: string[];
}

/** What goes to a drill's process over its IPC channel. */
export type ToDrillProcess = { kind: 'job'; job: Job } | { kind: 'interrupt'; why: string };

/** What comes back: each event as it is recorded, then one last word. */
export type FromDrillProcess = { kind: 'event'; event: RunEvent } | { kind: 'ended'; said: LastWord };

/** What a drill's process says before it exits. */
export interface LastWord {
  drill?: { id: string; title: string };
  outcome?: Outcome;
  interrupted: boolean;
  /** What was thrown when there is no verdict. */
  error?: ErrorRecord;
}

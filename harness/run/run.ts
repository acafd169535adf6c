import { setMaxListeners } from 'node:events';
import path from 'node:path';
import { PgdrillError } from '../record/errors';
import { Random } from './random';
import { Recorder } from './recorder';
import { Secrets } from './secrets';
import { Teardown } from './teardown';
import type { WaitContext } from './until';

export interface RunOptions {
  id: string;
  /** The session's folder; the run's own folder is made in it. */
  sessionDir: string;
  /** 31-bit number that decides data, jitter and choices. */
  seed: number;
  deadlineScale?: number;
}

/** One execution of one drill: its id, folder, clock of deadlines, secrets and everything that has to be undone. */
export class Run implements WaitContext {
  readonly id: string;
  readonly dir: string;
  readonly seed: number;
  readonly random: Random;
  readonly deadlineScale: number;
  readonly secrets = new Secrets();
  readonly teardown = new Teardown();
  readonly recorder: Recorder;
  private readonly controller = new AbortController();

  constructor(options: RunOptions) {
    this.id = options.id;
    this.dir = path.join(options.sessionDir, options.id);
    this.seed = options.seed;
    this.random = new Random(options.seed);
    this.deadlineScale = options.deadlineScale ?? 1;
    this.recorder = new Recorder(this.dir, this.secrets);
    // Every wait and every writer of the run listens to the one signal; that is no leak.
    setMaxListeners(0, this.controller.signal);
  }

  /** Aborts when the run is interrupted; every wait and every operation of the run hangs on it. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Ends the run early, for example at SIGINT. Idempotent. */
  interrupt(why: string): void {
    this.controller.abort(new PgdrillError('PGDRILL_INTERRUPTED', `the run was interrupted: ${why}`, 'start it again'));
  }

  /** Ends the run early because its ground is gone (the engine died). Idempotent. */
  abort(error: PgdrillError): void {
    this.controller.abort(error);
  }

  /** A line of progress for people: shown under the running phase, kept in events.jsonl. */
  note(text: string): void {
    this.recorder.record({ kind: 'note', text });
  }
}

import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';
import { messageOf } from '../record/errors';
import type { RunEvent } from '../record/events';
import type { FromDrillProcess, Job, LastWord, ToDrillProcess } from './job';

/** How a drill's process ended. */
export interface ProcessEnd {
  /** Absent when it could not say it: killed, or never started. */
  said?: LastWord;
  /** In words: `exit code 3`, `SIGKILL`. */
  how: string;
}

/** One drill in a process of its own: plain Node, detached, its output in the run's `child.log`. */
export class DrillProcess {
  /** Resolves when the process is gone and everything that it sent has been read. Never rejects. */
  readonly ended: Promise<ProcessEnd>;
  private readonly child: ChildProcess;
  private said: LastWord | undefined;

  constructor(job: Job, onEvent: (event: RunEvent) => void) {
    const log = path.join(job.sessionDir, job.runId, 'child.log');
    mkdirSync(path.dirname(log), { recursive: true });
    const output = openSync(log, 'a', 0o600);
    const own = path.extname(__filename);
    this.child = fork(path.join(__dirname, `child${own}`), [], {
      execArgv: ['--enable-source-maps', '-r', path.join(packageRoot(), 'bin/machine/register.cjs')],
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
    });
    closeSync(output);
    this.child.on('message', (message) => {
      const from = message as FromDrillProcess;
      if (from.kind === 'event') onEvent(from.event);
      else this.said = from.said;
    });
    this.ended = this.whenEnded().finally(() => removeEmpty(log));
    this.tell({ kind: 'job', job });
  }

  /** Lets the run end in order: its clean-up is done and its verdict arrives. A second one, later, ends it at once. */
  interrupt(why: string): void {
    this.tell({ kind: 'interrupt', why });
  }

  /** Ends the process and what it has started in its group; the run's watchdog deletes what it leaves. */
  kill(): void {
    try {
      if (this.child.pid !== undefined && this.child.exitCode === null) process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }

  private tell(message: ToDrillProcess): void {
    // A child that just died is told by `ended`; the callback keeps EPIPE from becoming an 'error'.
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private async whenEnded(): Promise<ProcessEnd> {
    const { child } = this;
    const failure = new Promise<string>((resolve) =>
      child.once('error', (error) => resolve(`it could not be started: ${messageOf(error)}`)),
    );
    const exit = new Promise<string>((resolve) =>
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`)),
    );
    // 'exit' may come before the last messages: the channel closes when all are read.
    const drained = new Promise<void>((resolve) => child.once('disconnect', () => resolve()));
    const how = await Promise.race([failure, Promise.all([exit, drained]).then(([text]) => text)]);
    return { ...(this.said ? { said: this.said } : {}), how };
  }
}

function removeEmpty(log: string): void {
  if (statSync(log, { throwIfNoEntry: false })?.size === 0) rmSync(log);
}

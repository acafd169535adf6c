import type { FromDrillProcess, Job, ToDrillProcess } from './job';

/**
 * A drill process's line to the process that forked it. A parent that is gone is no error here (what is sent is lost,
 * events.jsonl has it all): it is told once, to `onGone`.
 */
export class ParentLine {
  private unsent = 0;
  private wakeFlush: () => void = () => undefined;

  /** Waits for the job; resolves to undefined when the parent goes before it sends one. */
  job(): Promise<Job | undefined> {
    return new Promise((resolve) => {
      process.once('disconnect', () => resolve(undefined));
      this.onMessage((message) => message.kind === 'job' && resolve(message.job));
    });
  }

  /** Tells when the parent wants the run to end early. */
  onInterrupt(listener: (why: string) => void): void {
    this.onMessage((message) => message.kind === 'interrupt' && listener(message.why));
  }

  /** Tells when the parent is gone: it ended or was killed. */
  onGone(listener: () => void): void {
    if (!process.connected) listener();
    else process.once('disconnect', listener);
  }

  send(message: FromDrillProcess): void {
    if (!process.connected || !process.send) return;
    this.unsent += 1;
    // With a callback, EPIPE and a closed channel come here and not as an 'error' that ends the process.
    process.send(message, undefined, {}, () => {
      this.unsent -= 1;
      if (this.unsent === 0) this.wakeFlush();
    });
  }

  /** Resolves when everything sent is on its way, or nobody is there to read it. */
  async flush(): Promise<void> {
    if (this.unsent === 0 || !process.connected) return;
    await new Promise<void>((resolve) => {
      this.wakeFlush = resolve;
      process.once('disconnect', () => resolve());
    });
  }

  private onMessage(listener: (message: ToDrillProcess) => void): void {
    process.on('message', (message) => listener(message as ToDrillProcess));
  }
}

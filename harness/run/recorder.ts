import { createHash } from 'node:crypto';
import { appendFileSync, createReadStream, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EventBody, RunEvent } from '../record/events';
import type { FileReference } from '../record/values';
import type { Secrets } from './secrets';

export type EventListener = (event: RunEvent) => void;

/**
 * Appends what happens to `events.jsonl` in the run's folder: one process writes, one write a line, no fsync. Bulk lies
 * in files beside it, referenced with length and sha256. Every string goes through the run's redaction.
 */
export class Recorder {
  private seq = 0;
  private readonly listeners = new Set<EventListener>();
  private readonly file: string;

  /**
   * @param dir the run's folder; made when missing
   */
  constructor(
    readonly dir: string,
    private readonly secrets: Secrets,
  ) {
    mkdirSync(dir, { recursive: true });
    this.file = path.join(dir, 'events.jsonl');
  }

  /** Records one event and tells the listeners. */
  record(body: EventBody): RunEvent {
    const event = { seq: (this.seq += 1), at: nowText(), ...this.secrets.redactValue(body) } as RunEvent;
    appendFileSync(this.file, `${JSON.stringify(event)}\n`);
    for (const listener of this.listeners) listener(event);
    return event;
  }

  /** Tells every further event to a listener; returns how to stop that. */
  listen(listener: EventListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Writes a file beside the events (redacted) and returns the reference to record. */
  write(name: string, text: string): FileReference {
    const clean = this.secrets.redact(text);
    const target = path.join(this.dir, name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, clean);
    return { file: name, bytes: Buffer.byteLength(clean), sha256: createHash('sha256').update(clean).digest('hex') };
  }

  /** A reference to a file that something else has written in the run's folder by streaming. */
  async reference(name: string): Promise<FileReference> {
    const target = path.join(this.dir, name);
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(target)) hash.update(chunk as Buffer);
    return { file: name, bytes: statSync(target).size, sha256: hash.digest('hex') };
  }
}

/** Now, as text with zone and microseconds (the last three digits are the clock's own). */
export function nowText(): string {
  const micros = Math.round((performance.timeOrigin + performance.now()) * 1000);
  const whole = new Date(Math.floor(micros / 1_000_000) * 1000).toISOString().slice(0, 19);
  return `${whole}.${String(micros % 1_000_000).padStart(6, '0')}Z`;
}

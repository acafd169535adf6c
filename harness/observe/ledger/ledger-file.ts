import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LedgerEntry } from './entry';

/** The entries of a ledger, a line each: written as they come, read back line by line. None is kept in memory. */
export class LedgerFile {
  private readonly out: WriteStream;
  private bytes = 0;

  /** @param path made anew */
  constructor(private readonly path: string) {
    this.out = createWriteStream(path);
  }

  append(entry: LedgerEntry): void {
    if (!this.out.writable) return;
    const line = `${JSON.stringify(entry)}\n`;
    this.bytes += Buffer.byteLength(line);
    this.out.write(line);
  }

  /** What has been written so far, in the order of the answers. */
  async *entries(): AsyncGenerator<LedgerEntry> {
    const { bytes } = this;
    if (bytes === 0) return;
    if (this.out.writable) await new Promise<void>((resolve) => this.out.write('', () => resolve()));
    const lines = createInterface({ input: createReadStream(this.path, { end: bytes - 1 }), crlfDelay: Infinity });
    for await (const line of lines) yield JSON.parse(line) as LedgerEntry;
  }

  /** Ends the writing. Idempotent. */
  async close(): Promise<void> {
    if (!this.out.closed) await new Promise<void>((resolve) => this.out.end(() => resolve()));
  }
}

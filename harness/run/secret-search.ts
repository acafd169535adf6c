/** One form of a secret, as bytes, with the secret's name. */
export interface SoughtForm {
  name: string;
  bytes: Buffer;
}

const NEWLINE = 10;

/**
 * Looks for secrets in one text that comes piece by piece. Keeps names and line numbers, never a value and never a line.
 */
export class SecretSearch {
  private readonly lines = new Map<string, number>();
  private readonly longest: number;
  private rest = Buffer.alloc(0);
  private newlines = 0;

  constructor(private readonly sought: readonly SoughtForm[]) {
    this.longest = Math.max(0, ...sought.map(({ bytes }) => bytes.length));
  }

  /** Looks at the next piece; a secret that lies across two is found. */
  feed(piece: Buffer | string): this {
    const next = typeof piece === 'string' ? Buffer.from(piece) : piece;
    const text = this.rest.length === 0 ? next : Buffer.concat([this.rest, next]);
    for (const { name, bytes } of this.sought) {
      if (this.lines.has(name)) continue;
      const at = text.indexOf(bytes);
      if (at >= 0) this.lines.set(name, this.newlines + newlinesIn(text.subarray(0, at)) + 1);
    }
    const done = Math.max(0, text.length - this.longest);
    this.newlines += newlinesIn(text.subarray(0, done));
    this.rest = Buffer.from(text.subarray(done));
    return this;
  }

  /** The secrets that were found, each with the first line it stands in, from 1. */
  found(): { secret: string; line: number }[] {
    return [...this.lines].map(([secret, line]) => ({ secret, line }));
  }
}

function newlinesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

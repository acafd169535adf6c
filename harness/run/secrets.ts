import { randomBytes } from 'node:crypto';

/**
 * The secrets of one run: made from the operating system's generator (never from the seed, which is printed), kept in
 * memory and in the cluster's own volume, and replaced wherever they would get into an event, a log or a report.
 */
export class Secrets {
  private readonly known = new Map<string, string>();

  /** Makes a password and remembers it under a name. */
  make(name: string): string {
    return this.remember(name, randomBytes(18).toString('base64url'));
  }

  /** Takes a secret that came from elsewhere (a private key, the password of an attached cluster). */
  remember(name: string, value: string): string {
    if (value.length >= 6) this.known.set(value, name);
    return value;
  }

  /** The text with every known secret replaced by its name in angle brackets; one that holds another goes first. */
  redact(text: string): string {
    let clean = text;
    for (const [value, name] of [...this.known].sort(([a], [b]) => b.length - a.length)) {
      if (clean.includes(value)) clean = clean.replaceAll(value, () => `<${name}>`);
    }
    return clean;
  }

  /** A copy of a plain value with every string in it redacted. */
  redactValue<T>(value: T): T {
    if (typeof value === 'string') return this.redact(value) as T;
    if (Array.isArray(value)) return value.map((item) => this.redactValue(item)) as T;
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.redactValue(item)])) as T;
    }
    return value;
  }
}

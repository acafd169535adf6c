/**
 * A list that keeps its first and its last entries and counts what it left out between them: a record of changes stays
 * small however long a cluster flaps.
 */
export class FirstAndLast<T> {
  private readonly first: T[] = [];
  private last: T[] = [];
  private firstOmitted: T | undefined;
  private lastOmitted: T | undefined;
  private count = 0;

  /** @param each how many are kept at either end */
  constructor(private readonly each: number) {}

  push(entry: T): void {
    if (this.first.length < this.each) {
      this.first.push(entry);
      return;
    }
    this.last.push(entry);
    if (this.last.length <= this.each) return;
    this.lastOmitted = this.last.shift();
    this.firstOmitted ??= this.lastOmitted;
    this.count += 1;
  }

  /** Those that are kept, in their order. */
  kept(): T[] {
    return [...this.first, ...this.last];
  }

  /** What was left out: how many, and the first and last of them. */
  omitted(): { count: number; first: T; last: T } | undefined {
    if (this.firstOmitted === undefined || this.lastOmitted === undefined) return undefined;
    return { count: this.count, first: this.firstOmitted, last: this.lastOmitted };
  }
}

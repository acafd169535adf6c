/** The last so many of a long row of things. */
export class Recent<T> {
  private readonly ring: T[] = [];
  private at = 0;

  constructor(private readonly limit: number) {}

  add(item: T): void {
    this.ring[this.at % this.limit] = item;
    this.at += 1;
  }

  /** Oldest first. */
  get items(): T[] {
    const start = this.at > this.limit ? this.at % this.limit : 0;
    return [...this.ring.slice(start), ...this.ring.slice(0, start)];
  }

  count(counts: (item: T) => boolean): number {
    return this.ring.filter(counts).length;
  }
}

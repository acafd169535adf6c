/**
 * A small seeded generator (mulberry32) for jitter and choices: the same seed gives the same sequence on every
 * machine. Not for secrets.
 */
export class Random {
  private state: number;

  constructor(private readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** A number in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer in [low, high]. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /**
   * A generator of its own for one purpose, the same however much was drawn before: adding a consumer does not shift the
   * others.
   */
  derive(purpose: string): Random {
    let hash = 2166136261;
    for (const char of purpose) hash = Math.imul(hash ^ char.codePointAt(0)!, 16777619);
    return new Random((this.seed ^ hash) >>> 0);
  }
}

/** A seed for a run for which none was given; printed, so that the run can be had again. */
export function newSeed(): number {
  return Math.floor(Math.random() * 0x7fffffff);
}

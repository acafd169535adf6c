import type { Random } from '../../run/random';

/** What is overdue by more than this is dropped, ms: a rate that was not reached is told, never made up for. */
const CATCH_UP_MS = 250;

/**
 * When the next transaction is due, for all writers together: a schedule, not a pause after each commit, so that the rate
 * does not depend on how long a commit takes. The gaps are drawn like those of independent clients (exponential, mean
 * one second by the rate), so that commits come close to each other and cross at any rate.
 *
 * Who falls behind (a slow disk, a failover) makes up for at most a quarter of a second; the rest is dropped. So a cluster
 * that cannot take the rate gets as much as it takes, and no burst follows on a stall.
 */
export class Pace {
  private nextMs: number | undefined;
  private handed = 0;

  /**
   * @param perSecond commits a second of all writers together
   * @param writers as many turns are due at once, so that a slow rate does not delay the begin
   */
  constructor(
    private readonly perSecond: number,
    private readonly writers: number,
    private readonly random: Random,
  ) {}

  /**
   * Takes the next turn.
   * @param nowMs a clock that never goes back
   * @returns when it is due, on that clock: now or later
   */
  turn(nowMs: number): number {
    this.handed += 1;
    if (this.handed <= this.writers) return nowMs;
    const due = this.nextMs === undefined || this.nextMs < nowMs - CATCH_UP_MS ? nowMs : this.nextMs;
    this.nextMs = due + (-Math.log(1 - this.random.next()) * 1000) / this.perSecond;
    return Math.max(due, nowMs);
  }
}

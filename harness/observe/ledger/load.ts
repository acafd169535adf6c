import type { LedgerLoad } from '../../record/ledger';

/** Measures what the drill itself puts on the machine while its writers have a leader. */
export class LoadMeter {
  private readonly sessions = new Map<string, { open: number; times: number }>();
  private openInAll = 0;
  private since: { ms: number; cpuMs: number } | undefined;
  private writingMs = 0;
  private cpuMs = 0;

  /** A writer has got a session with a member. */
  opened(member: string): void {
    const known = this.sessions.get(member) ?? { open: 0, times: 0 };
    if (known.open === 0) known.times += 1;
    known.open += 1;
    this.sessions.set(member, known);
    if (this.openInAll === 0) this.since = { ms: performance.now(), cpuMs: processCpuMs() };
    this.openInAll += 1;
  }

  /** It has it no more. */
  closed(member: string): void {
    const known = this.sessions.get(member);
    if (known) known.open -= 1;
    this.openInAll -= 1;
    if (this.openInAll > 0 || !this.since) return;
    this.writingMs += performance.now() - this.since.ms;
    this.cpuMs += processCpuMs() - this.since.cpuMs;
    this.since = undefined;
  }

  /** The how manieth time it is that writers have sessions with a member, from 1. */
  sessionOf(member: string): number {
    return this.sessions.get(member)?.times ?? 0;
  }

  /**
   * @param askedPerSecond the rate that was asked for
   * @param acknowledged how many transactions were
   */
  result(askedPerSecond: number, acknowledged: number): LedgerLoad {
    const open = this.since;
    const writingMs = this.writingMs + (open ? performance.now() - open.ms : 0);
    const cpuMs = this.cpuMs + (open ? processCpuMs() - open.cpuMs : 0);
    return {
      askedPerSecond,
      reachedPerSecond: writingMs === 0 ? 0 : Math.round((acknowledged * 10_000) / writingMs) / 10,
      writingMs: Math.round(writingMs),
      cpuMs: Math.round(cpuMs),
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
    };
  }
}

function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

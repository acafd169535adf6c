/** What a slow network is to be like. */
export interface Slowness {
  delayMs: number;
  jitterMs: number;
  lossPercent: number;
  /** kbit/s; 0: no limit */
  rateKbit: number;
}

/** The kernel's queueing discipline for it: netem does all of it, tbf a rate only. */
export function disciplineOf({ delayMs, lossPercent, rateKbit }: Slowness): 'netem' | 'tbf' {
  return rateKbit > 0 && delayMs === 0 && lossPercent === 0 ? 'tbf' : 'netem';
}

/** The words of `tc qdisc … root` for it (tc-netem(8), tc-tbf(8)). */
export function shaping(slow: Slowness): string[] {
  const { delayMs, jitterMs, lossPercent, rateKbit } = slow;
  // Bursts of a few packets: a bigger one would let through what the rate is to hold back.
  if (disciplineOf(slow) === 'tbf') return ['tbf', 'rate', `${rateKbit}kbit`, 'burst', '16kb', 'latency', '1s'];
  return [
    'netem',
    'delay',
    `${delayMs}ms`,
    ...(jitterMs > 0 ? [`${jitterMs}ms`] : []),
    ...(lossPercent > 0 ? ['loss', `${lossPercent}%`] : []),
    ...(rateKbit > 0 ? ['rate', `${rateKbit}kbit`] : []),
  ];
}

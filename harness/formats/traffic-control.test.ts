import { disciplineOf, shaping } from './traffic-control';

const none = { delayMs: 0, jitterMs: 0, lossPercent: 0, rateKbit: 0 };

describe('traffic control', () => {
  test('delay, jitter, loss and rate › netem', () => {
    const slow = { delayMs: 200, jitterMs: 20, lossPercent: 0.5, rateKbit: 1000 };
    expect(disciplineOf(slow)).toBe('netem');
    expect(shaping(slow).join(' ')).toBe('netem delay 200ms 20ms loss 0.5% rate 1000kbit');
    expect(shaping({ ...none, delayMs: 5 }).join(' ')).toBe('netem delay 5ms');
  });

  test('a rate alone › tbf, which kernels without netem have', () => {
    expect(shaping({ ...none, rateKbit: 512 }).join(' ')).toBe('tbf rate 512kbit burst 16kb latency 1s');
  });
});

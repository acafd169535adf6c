import { patroniTiming } from './patroni-timing';

describe('patroniTiming', () => {
  it('reads both in ms', () => {
    expect(patroniTiming('{"ttl": 20, "loop_wait": 1, "postgresql": {}}')).toEqual({ ttlMs: 20_000, loopWaitMs: 1000 });
  });

  it('has Patroni’s own values where nothing is said', () => {
    expect(patroniTiming('{"ttl": 60}')).toEqual({ ttlMs: 60_000, loopWaitMs: 10_000 });
    expect(patroniTiming(undefined)).toEqual({ ttlMs: 30_000, loopWaitMs: 10_000 });
  });

  it('says what it cannot read', () => {
    expect(() => patroniTiming('{')).toThrow(/dynamic configuration/);
  });
});

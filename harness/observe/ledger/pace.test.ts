import { Random } from '../../run/random';
import { Pace } from './pace';

const paced = (perSecond: number, writers = 1): Pace => new Pace(perSecond, writers, new Random(7));

/** Turns taken by somebody who is never late, up to a moment. */
function turnsUntil(pace: Pace, fromMs: number, untilMs: number): number[] {
  const turns: number[] = [];
  for (let now = fromMs; ;) {
    now = pace.turn(now);
    if (now >= untilMs) return turns;
    turns.push(now);
  }
}

describe('pace', () => {
  test.each([50, 100, 2000])('%d a second › in the mean, with gaps of all sizes', (perSecond) => {
    const turns = turnsUntil(paced(perSecond), 0, 20_000);
    expect(Math.abs(turns.length / 20 - perSecond)).toBeLessThan(perSecond * 0.1);
    const gaps = turns.slice(1).map((at, index) => at - turns[index]!);
    const mean = 1000 / perSecond;
    expect(gaps.filter((gap) => gap < mean / 10).length).toBeGreaterThan(gaps.length * 0.05);
    expect(gaps.filter((gap) => gap > mean * 2).length).toBeGreaterThan(gaps.length * 0.1);
  });

  test('the same seed › the same schedule', () => {
    expect(turnsUntil(paced(100), 0, 1000)).toEqual(turnsUntil(paced(100), 0, 1000));
  });

  test('first turns › as many as writers are due at once, at any rate', () => {
    const pace = paced(1, 4);
    expect([1, 2, 3, 4].map(() => pace.turn(10))).toEqual([10, 10, 10, 10]);
  });

  test('commits that take long › do not slow the schedule: what is a little overdue goes at once', () => {
    const pace = paced(100);
    let now = 0;
    let turns = 0;
    for (; now < 20_000; turns += 1) now = pace.turn(now) + 8;
    expect(turns / 20).toBeGreaterThan(85);
  });

  test('a stall › is not made up for: at most a quarter of a second’s worth follows at once', () => {
    const pace = paced(1000);
    turnsUntil(pace, 0, 1000);
    const atOnce = (now: number): number => {
      let turns = 0;
      while (pace.turn(now) === now) turns += 1;
      return turns;
    };
    expect(atOnce(31_000)).toBeLessThan(5);
    expect(atOnce(31_200)).toBeGreaterThan(100);
    expect(atOnce(31_200)).toBeLessThan(5);
  });
});

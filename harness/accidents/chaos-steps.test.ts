import { Random } from '../run/random';
import { accidentKinds } from './catalogue';
import { chaosMoves, chaosStep } from './chaos-steps';

const operations = ['switchover', 'backup'];
const walk = (seed: number, length: number) => Array.from({ length }, (_, index) => chaosStep(new Random(seed), index));

describe('steps of a random walk', () => {
  test('the seed decides them, whatever was drawn in between', () => {
    expect(walk(7, 50)).toEqual(walk(7, 50));
    expect(walk(7, 50)).not.toEqual(walk(8, 50));
    const drawn = new Random(7);
    drawn.next();
    expect(chaosStep(drawn, 3)).toEqual(walk(7, 4)[3]);
  });

  test('every move comes, and only those', () => {
    const seen = new Set(walk(1, 500).map(({ what, on }) => `${what} ${on ?? ''}`));
    const all = chaosMoves.flatMap(({ what, on }) =>
      on.length === 0 ? [`${what} `] : on.map((who) => `${what} ${who}`),
    );
    expect([...seen].sort()).toEqual(all.sort());
  });

  test('a frozen leader thaws while it has its key', () => {
    const frozen = walk(1, 500).filter(({ what }) => what === 'freeze-member');
    const longest = (who: string) => Math.max(...frozen.filter(({ on }) => on === who).map(({ dwellMs }) => dwellMs));
    expect(longest('leader')).toBeLessThanOrEqual(10_000);
    expect(longest('replica')).toBeGreaterThan(20_000);
  });

  test.each(chaosMoves)('$what › is there, and may be done to $on', ({ what, on, options = {} }) => {
    if (operations.includes(what)) return;
    const kind = accidentKinds.find(({ name }) => name === what);
    expect(kind?.strikes).toEqual(expect.arrayContaining([...on]));
    expect(kind?.options.safeParse(options).success).toBe(true);
  });
});

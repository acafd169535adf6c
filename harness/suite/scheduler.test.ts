import { inTurn, jobsAtOnce } from './scheduler';

describe('drills at once', () => {
  test.each([
    [undefined, {}, 2, 1],
    [undefined, {}, 4, 1],
    [undefined, {}, 16, 4],
    [undefined, { PGDRILL_JOBS: '3' }, 2, 3],
    [5, { PGDRILL_JOBS: '3' }, 2, 5],
  ])('asked %p, environment %j, %i cores › %i', (asked, env, cores, jobs) => {
    expect(jobsAtOnce(asked, env, cores)).toBe(jobs);
  });

  test.each(['0', 'two', '1.5', '65'])('PGDRILL_JOBS=%s › is refused', (given) => {
    expect(() => jobsAtOnce(undefined, { PGDRILL_JOBS: given }, 2)).toThrow(
      expect.objectContaining({ code: 'PGDRILL_JOBS' }),
    );
  });
});

describe('in turn', () => {
  test('two at once › never three, and all in order', async () => {
    let now = 0;
    let most = 0;
    const begun: number[] = [];
    await inTurn([1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item);
      most = Math.max(most, (now += 1));
      await new Promise(setImmediate);
      now -= 1;
    });
    expect(begun).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });
});

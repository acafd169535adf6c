import { renderMarkdown } from './markdown';
import { sampleRun, sampleSession, sampleVerdict } from './sample-session';
import { silenceCells, silenceRows } from './silence';

const run = (drill: string, silenceMs?: number, timing: { ttlMs?: number; loopWaitMs?: number } = {}) =>
  sampleRun({
    drill,
    verdict: sampleVerdict({ figures: { ...(silenceMs === undefined ? {} : { silenceMs }), ...timing } }),
  });

describe('silence', () => {
  it('has the distribution of each drill that ran more than once', () => {
    const timing = { ttlMs: 20_000, loopWaitMs: 1000 };
    const runs = [3000, 1000, 21_000, 2000].map((ms) => run('kill-leader', ms, timing));
    expect(silenceRows(sampleSession([...runs, run('kill-all', 5000)]))).toEqual([
      { drill: 'kill-leader', runs: 4, minMs: 1000, medianMs: 2500, p95Ms: 21_000, maxMs: 21_000, ...timing },
    ]);
  });

  it('takes the nearest rank: of twenty, p95 is the nineteenth', () => {
    const runs = Array.from({ length: 20 }, (_, index) => run('a', 1000 * (20 - index)));
    expect(silenceRows({ runs })[0]).toMatchObject({ minMs: 1000, medianMs: 10_500, p95Ms: 19_000, maxMs: 20_000 });
    expect(silenceRows({ runs: [run('a', 3), run('a', 1), run('a', 2)] })[0]).toMatchObject({ medianMs: 2, p95Ms: 3 });
  });

  it('leaves out runs without a verdict or a measurement, and drills left with one', () => {
    expect(silenceRows({ runs: [run('a', 1000), run('a'), sampleRun({ drill: 'a', verdict: undefined })] })).toEqual(
      [],
    );
  });

  it('names ttl and loop_wait only where all runs had the same', () => {
    const [row] = silenceRows({ runs: [run('a', 1000, { ttlMs: 20_000 }), run('a', 1000, { ttlMs: 30_000 })] });
    expect(silenceCells(row!)).toEqual(['a', '2', '1.0 s', '1.0 s', '1.0 s', '1.0 s', '', '']);
  });

  it('is a table of the report where a drill ran more than once', () => {
    const twice = [run('kill-leader', 1000, { ttlMs: 20_000, loopWaitMs: 1000 }), run('kill-leader', 2000)];
    const text = renderMarkdown(sampleSession(twice));
    expect(text).toContain('## Silence');
    expect(text).toContain('| kill-leader | 2 | 1.0 s | 1.5 s | 2.0 s | 2.0 s | 20.0 s | 1.0 s |');
    expect(renderMarkdown(sampleSession(twice.slice(1)))).not.toContain('## Silence');
  });
});

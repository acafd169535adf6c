import { drillsOfCommit } from './test-levels';
import { levelOf, Tally } from './tally';

const good = { passed: 3, failed: 0, skipped: 0, broken: false };

describe('tally', () => {
  test('no test › 0 passed, 0 failed, and that is not well', () => {
    const tally = new Tally();
    expect(tally.lastLine()).toBe('0 passed, 0 failed');
    expect(tally.ok).toBe(false);
    expect(tally.summary()).toEqual([]);
  });

  test('files of several levels › are added up', () => {
    const tally = new Tally();
    tally.add('a.test.ts', 10, good);
    tally.add('b.engine.test.ts', 10, { ...good, failed: 2 });
    expect(tally.lastLine()).toBe('6 passed, 2 failed');
    expect(tally.ok).toBe(false);
  });

  test('skipped tests › are counted, and only then named', () => {
    const tally = new Tally();
    tally.add('a.test.ts', 10, { ...good, skipped: 1 });
    expect(tally.lastLine()).toBe('3 passed, 0 failed, 1 skipped');
    expect(tally.ok).toBe(true);
  });

  test('a file that could not be loaded › counts as one failed', () => {
    const tally = new Tally();
    tally.add('a.test.ts', 0, { passed: 0, failed: 0, skipped: 0, broken: true });
    expect(tally.lastLine()).toBe('0 passed, 1 failed');
  });

  test('a level that could not be run › counts as one failed', () => {
    const tally = new Tally();
    tally.add('a.test.ts', 10, good);
    tally.addFailure();
    expect(tally.lastLine()).toBe('3 passed, 1 failed');
    expect(tally.ok).toBe(false);
  });

  test('summary › time per level in the order of levels, then the ten slowest files', () => {
    const tally = new Tally();
    for (let n = 1; n <= 12; n += 1) tally.add(`f${n}.test.ts`, n * 1000, good);
    tally.add('x.drill.ts', 500, good);
    tally.addTime('unit', 40_000);
    const lines = tally.summary();
    expect(lines.slice(0, 4)).toEqual([
      'Time per level:',
      '  unit        40.00 s  12 files, 36 passed, 0 failed',
      '  drills       0.50 s  1 file, 3 passed, 0 failed',
      'Slowest files:',
    ]);
    expect(lines.slice(4)).toHaveLength(10);
    expect(lines[4]).toBe('    12.00 s  f12.test.ts');
  });
});

describe('level of a test file', () => {
  test.each([
    ['harness/formats/lsn.test.ts', 'unit'],
    ['harness/formats/waldump.contract.test.ts', 'contract'],
    ['harness/engine/exec.engine.test.ts', 'engine'],
    ['harness/accidents/kill.cluster.test.ts', 'cluster'],
    ['harness/cli/run.cli.test.ts', 'cli'],
    ['scenarios/pitr/x.drill.ts', 'drills'],
    ['dist/scenarios/pitr/x.drill.js', 'drills'],
  ])('%s › %s', (file, level) => {
    expect(levelOf(file)).toBe(level);
  });
});

describe('drills of a commit', () => {
  const drills = Array.from({ length: 320 }, (_, n) => ({
    id: `drill-${n}`,
    title: '',
    family: 'f',
    labels: n === 0 ? ['smoke'] : [],
    file: '',
    nodes: 3,
    expect: 'recovered',
  }));

  test('smoke › is always among them', () => {
    expect(drillsOfCommit(drills, 'abc')[0]?.id).toBe('drill-0');
    expect(drillsOfCommit(drills, undefined).map((drill) => drill.id)).toEqual(['drill-0']);
  });

  test('others › about one in sixteen, the same for a commit, others for another', () => {
    const one = drillsOfCommit(drills, 'abc');
    expect(one.length).toBeGreaterThan(8);
    expect(one.length).toBeLessThan(40);
    expect(drillsOfCommit(drills, 'abc')).toEqual(one);
    expect(drillsOfCommit(drills, 'abd')).not.toEqual(one);
  });
});

import { exitCodeOf, exitCodeOfAll, exitCodes, outcomeSchema, type Outcome } from './outcome';

describe('exit codes', () => {
  test.each<[Outcome, number]>([
    ['passed', 0],
    ['failed', 1],
    ['not-run', 2],
    ['unverified', 3],
    ['skipped', 0],
  ])('one run › %s is %i', (outcome, code) => expect(exitCodeOf({ outcome })).toBe(code));

  test('one run › every outcome has a code', () => {
    for (const outcome of outcomeSchema.options) expect(Number.isInteger(exitCodeOf({ outcome }))).toBe(true);
  });

  test('one run › interrupted is 130, whatever the outcome', () => {
    for (const outcome of outcomeSchema.options)
      expect(exitCodeOf({ outcome, interrupted: true })).toBe(exitCodes.interrupted);
  });

  test('one run › skipped counts as not run under --strict; nothing else changes', () => {
    expect(exitCodeOf({ outcome: 'skipped' }, true)).toBe(2);
    expect(exitCodeOf({ outcome: 'passed' }, true)).toBe(0);
  });

  test.each<[number[], number]>([
    [[], 0],
    [[0, 0], 0],
    [[0, 2], 2],
    [[2, 3], 3],
    [[3, 1, 2], 1],
    [[1, 130, 3], 130],
  ])('several runs › of %j it is %i', (codes, code) => expect(exitCodeOfAll(codes)).toBe(code));
});

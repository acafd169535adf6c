import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';
import TestReporter, { countInto } from './test-reporter';
import { Tally } from './tally';
import { jestCase, jestFile, type FileResult } from './test-cases';

let printed: string;
let spy: jest.SpyInstance;
beforeEach(() => {
  printed = '';
  spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  spy.mockRestore();
  countInto(undefined);
});

const file = path.join(packageRoot(), 'harness/x/y.engine.test.ts');
const passed = jestCase(['y'], { title: 'works', status: 'passed' });
const failed = jestCase(['y'], { title: 'breaks', status: 'failed', message: 'expected 1\nfound 2' });
const result = (...cases: (typeof passed)[]): FileResult => jestFile(file, cases, Date.now() - 1500, undefined);
const end = { numTotalTestSuites: 1 };

/** What the reporter printed, without a final line feed. */
const lines = (): string[] => printed.trimEnd().split('\n');

describe('reporter', () => {
  test('a file that passed › one line with its level and seconds', () => {
    new TestReporter().onTestResult(undefined, result(passed));
    expect(printed).toMatch(/^PASS engine +1\.5\d s {2}harness\/x\/y\.engine\.test\.ts \(1 passed\)\n$/);
  });

  test('a file that failed › the failure in full below its line', () => {
    new TestReporter().onTestResult(undefined, result(passed, failed));
    expect(lines()[0]).toMatch(/^FAIL .*\(1 passed, 1 failed\)$/);
    expect(printed).toContain('● y › breaks\n\n    expected 1\n    found 2');
  });

  test('the end › the very last line is the sum', () => {
    const reporter = new TestReporter();
    reporter.onTestResult(undefined, result(passed, failed));
    reporter.onRunComplete(undefined, end);
    expect(printed.endsWith('\n1 passed, 1 failed\n')).toBe(true);
    expect(reporter.getLastError()).toBeUndefined();
  });

  test('a file that could not be loaded › is one failed', () => {
    const reporter = new TestReporter();
    const broken = {
      ...result(),
      testExecError: { message: 'no such module', stack: '' },
      failureMessage: 'no such module',
    };
    reporter.onTestResult(undefined, broken as FileResult);
    reporter.onRunComplete(undefined, end);
    expect(printed).toContain('no such module');
    expect(lines().at(-1)).toBe('0 passed, 1 failed');
  });

  test('no test at all › the last line all the same, and an error for Jest', () => {
    const reporter = new TestReporter();
    reporter.onRunComplete(undefined, { numTotalTestSuites: 0 });
    expect(lines().at(-1)).toBe('0 passed, 0 failed');
    expect(reporter.getLastError()).toEqual(new Error('no test was found'));
  });

  test('what the tests warned of › is shown, what they logged is not', () => {
    const console = [
      { type: 'warn', message: 'mind\nthe gap', origin: '' },
      { type: 'log', message: 'chatter', origin: '' },
    ];
    new TestReporter().onTestResult(undefined, { ...result(passed), console } as FileResult);
    expect(printed).toContain('  warn: mind\n    the gap\n');
    expect(printed).not.toContain('chatter');
  });

  test('counting into the tally of a command › leaves the end to that command', () => {
    const tally = new Tally();
    countInto(tally);
    const reporter = new TestReporter();
    reporter.onTestResult(undefined, result(passed));
    reporter.onRunComplete(undefined, end);
    expect(lines()).toHaveLength(1);
    expect(tally.lastLine()).toBe('1 passed, 0 failed');
  });
});

import path from 'node:path';
import { createColors } from 'picocolors';
import { packageRoot } from '../../bin/machine/root.cjs';
import type { FileResult } from './test-cases';
import { levelOf, seconds, Tally } from './tally';

/** What Jest's reporters get of a finished run, as far as it is looked at here. */
interface RunResult {
  numTotalTestSuites: number;
  runExecError?: { message?: string; stack?: string | null };
}

let shared: Tally | undefined;

/** Makes reporters of this process count into one tally and leave the end to its owner; undefined: each its own. */
export function countInto(tally: Tally | undefined): void {
  shared = tally;
}

/** The end of every command that runs tests. */
export function lastLines(tally: Tally): string {
  const summary = tally.summary();
  return [...(summary.length > 0 ? ['', ...summary, ''] : []), tally.lastLine(), ''].join('\n');
}

/**
 * Jest's reporter of this project: a line for each test file, failures and warnings in full, then time per level, the
 * ten slowest files, and as the very last line `N passed, N failed`.
 */
export default class TestReporter {
  private readonly tally = shared ?? new Tally();
  private readonly own = shared === undefined;
  private error: Error | undefined;

  onRunStart(): void {
    // On a terminal Jest leaves "Determining test suites to run..." there for the reporter to take away.
    if (this.own && process.stdout.isTTY) write('\r\u001B[K');
  }

  onTestResult(_test: unknown, result: FileResult): void {
    const broken = result.testExecError !== undefined && result.testExecError !== null;
    const failed = broken || result.numFailingTests > 0;
    const skipped = result.numPendingTests + result.numTodoTests;
    const ms = result.perfStats.runtime || Math.max(0, result.perfStats.end - result.perfStats.start);
    const file = path.relative(packageRoot(), result.testFilePath);
    const shownFile = file.startsWith('..') ? result.testFilePath : file;
    this.tally.add(shownFile, ms, { passed: result.numPassingTests, failed: result.numFailingTests, skipped, broken });
    const colours = createColors(mayColour());
    const word = failed ? colours.red('FAIL') : colours.green('PASS');
    write(`${word} ${levelOf(shownFile).padEnd(8)} ${seconds(ms)}  ${shownFile} (${countsOf(result, broken)})\n`);
    if (failed && result.failureMessage) write(`\n${result.failureMessage.trimEnd()}\n\n`);
    for (const line of warningsOf(result)) write(`${line}\n`);
  }

  onRunComplete(_contexts: unknown, result: RunResult): void {
    if (result.runExecError) {
      this.tally.addFailure();
      write(`${result.runExecError.stack ?? result.runExecError.message ?? 'Jest could not run'}\n`);
    }
    // Jest ends well when it finds no test; a mistyped path must not look like a pass.
    if (this.own && result.numTotalTestSuites === 0) this.error = new Error('no test was found');
    if (this.own) write(lastLines(this.tally));
  }

  /** Jest asks for it at the end: an error makes it exit with 1. */
  getLastError(): Error | undefined {
    return this.error;
  }
}

function countsOf(result: FileResult, broken: boolean): string {
  const skipped = result.numPendingTests + result.numTodoTests;
  const parts = [
    `${result.numPassingTests} passed`,
    ...(result.numFailingTests > 0 ? [`${result.numFailingTests} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(broken ? ['could not be run'] : []),
  ];
  return parts.join(', ');
}

/** What the tests printed with console.warn and console.error. */
function warningsOf(result: FileResult): string[] {
  const entries = (result.console ?? []).filter((entry) => entry.type === 'warn' || entry.type === 'error');
  return entries.map((entry) => `  ${entry.type}: ${entry.message.trimEnd().replaceAll('\n', '\n    ')}`);
}

/** https://no-color.org; a CI's log is no terminal, whatever it says. */
function mayColour(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR && !process.env.CI;
}

function write(text: string): void {
  process.stdout.write(text);
}

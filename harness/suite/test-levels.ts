import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../bin/machine/root.cjs';
import { messageOf } from '../record/errors';
import { exitCodes } from '../record/outcome';
import { listDrills, type FoundDrill } from './discovery';
import { testsInJest } from './in-jest';
import { countInto, lastLines } from './test-reporter';
import { runSession } from './session';
import { levelOf, Tally, testLevels, type TestLevel } from './tally';

export interface TestOptions {
  /** The command's own arguments, kept in the drills' reports. */
  arguments?: readonly string[];
  reportDir?: string;
  /** Ends the tests early: drills end in order; of a level under way no further word is awaited. */
  signal?: AbortSignal;
  /** Kills the drills' processes. */
  killSignal?: AbortSignal;
}

/**
 * What `pgdrill test` runs: the tests of these levels of this repository, cheap ones first, whatever the order asked
 * for. Unit tests run side by side, everything that uses containers one after the other. The last line printed is
 * `N passed, N failed`.
 * @param levels default: all
 * @returns 0; 1 when a test failed, a level could not be run, or none was found; 130 after an interrupt, when the caller
 *   should end the process: workers of Jest may still be at their last test
 */
export async function runTests(levels: readonly TestLevel[] = testLevels, options: TestOptions = {}): Promise<number> {
  const tally = new Tally();
  countInto(tally);
  try {
    for (const level of testLevels.filter((one) => levels.includes(one))) {
      if (options.signal?.aborted) break;
      const began = performance.now();
      // Drills end in order by themselves; Jest cannot be told to.
      const given = level === 'drills' ? undefined : options.signal;
      await orAborted(runLevel(level, options), given).catch((error: unknown) => {
        tally.addFailure();
        process.stdout.write(`FAIL ${level}: ${messageOf(error)}\n`);
      });
      tally.addTime(level, performance.now() - began);
    }
  } finally {
    countInto(undefined);
  }
  process.stdout.write(lastLines(tally));
  if (options.signal?.aborted) return exitCodes.interrupted;
  return tally.ok ? exitCodes.passed : exitCodes.failed;
}

async function runLevel(level: TestLevel, options: TestOptions): Promise<void> {
  if (level === 'drills') return runSmokeDrills(options);
  const files = testFiles().filter((file) => levelOf(file) === level);
  if (files.length > 0) await testsInJest(files, level !== 'unit');
}

async function runSmokeDrills(options: TestOptions): Promise<void> {
  const drills = drillsOfCommit(await listDrills(), await commit());
  if (drills.length === 0) return;
  const reporters = [path.join(__dirname, 'reporter.cjs')];
  await runSession({ ...options, arguments: options.arguments ?? [], drills, reporters });
}

/**
 * The drills that `npm test` runs: those with the label `smoke`, and of the others one in sixteen, chosen by the commit,
 * so that in time every drill is run by somebody. Pure.
 */
export function drillsOfCommit(drills: readonly FoundDrill[], commit: string | undefined): FoundDrill[] {
  const turn = (id: string): boolean =>
    createHash('sha256').update(`${id} ${commit}`).digest().readUInt32BE(0) % 16 === 0;
  return drills.filter((drill) => drill.labels.includes('smoke') || (commit !== undefined && turn(drill.id)));
}

/** The commit that is checked out, or undefined where there is no git. */
async function commit(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: packageRoot() });
    return stdout.trim();
  } catch {
    return undefined;
  }
}

/** Every test file of this repository, sorted. */
function testFiles(): string[] {
  const outside = new Set(['node_modules', 'dist', 'out', '.git']);
  const below = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) return outside.has(entry.name) ? [] : below(full);
      return entry.name.endsWith('.test.ts') ? [full] : [];
    });
  return below(packageRoot()).sort();
}

/** Resolves early, with the work still under way, when the signal aborts. */
async function orAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return work;
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => (onAbort = resolve));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    work.catch(() => undefined);
  }
}

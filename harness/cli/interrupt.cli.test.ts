import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';
import { leftovers, removeRun } from '../engine/cleanup';
import { connectEngine, type Engine } from '../engine/connect';
import { parseEvents } from '../record/fold';
import { until } from '../run/until';

jest.setTimeout(300_000);

const context = { signal: new AbortController().signal, deadlineScale: 1 };
describe('a run that ends early', () => {
  let engine: Engine;
  let folder: string;
  let child: ChildProcess;
  let runId: string | undefined;

  beforeAll(async () => (engine = await connectEngine()));
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-interrupt-'));
    runId = undefined;
    child = spawn(process.execPath, [path.join(packageRoot(), 'bin/pgdrill.mjs'), 'run', '--report-dir', folder], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, PGDRILL_NO_INSTALL: '1' },
      stdio: 'ignore',
      detached: true,
    });
  });
  afterEach(async () => {
    child.kill('SIGKILL');
    if (runId !== undefined) await removeRun(engine, runId);
    // The drill's own process outlives a killed parent for as long as it cleans up, and writes what it did.
    rmSync(folder, { recursive: true, maxRetries: 50, retryDelay: 200 });
  });

  /** Waits until a phase of the run is under way; returns the run's folder. */
  const inPhase = (phase: string): Promise<string> =>
    until('recovered node leads', context, () => {
      const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find(
        (name) => name.endsWith('events.jsonl') && !name.startsWith('latest'),
      );
      if (file === undefined) return undefined;
      const dir = path.dirname(path.join(folder, file));
      runId = path.basename(dir);
      const { events } = parseEvents(readFileSync(path.join(folder, file), 'utf8'));
      return events.some((event) => event.kind === 'phase-started' && event.phase === phase) ? dir : undefined;
    });

  const exitCode = (): Promise<number | null> =>
    new Promise((resolve) => {
      if (child.exitCode === null && child.signalCode === null) child.once('exit', (code) => resolve(code));
      else resolve(child.exitCode);
    });

  it('Ctrl-C › ends in order: a verdict, logs, exit code 130, nothing left', async () => {
    const dir = await inPhase('load');
    expect(await leftovers(engine, runId!)).not.toEqual([]);
    child.kill('SIGINT');
    expect(await exitCode()).toBe(130);
    expect(await leftovers(engine, runId!)).toEqual([]);
    const verdict = JSON.parse(readFileSync(path.join(dir, 'verdict.json'), 'utf8')) as Record<string, unknown>;
    expect(verdict).toMatchObject({ outcome: 'unverified', interrupted: true });
    // Barman says why it refuses in a file of its own.
    const barman = readFileSync(path.join(dir, 'logs/barman.log'), 'utf8');
    expect(barman).toMatch(/^== \/var\/log\/barman\/barman\.log\n.*barman\.\w+ (INFO|WARNING|DEBUG):/m);
  });

  it('SIGKILL in the middle of the recovery › the watchdog leaves nothing', async () => {
    await inPhase('recover');
    child.kill('SIGKILL');
    await until('container gone', context, async () => (await leftovers(engine, runId!)).length === 0);
    runId = undefined;
  });
});

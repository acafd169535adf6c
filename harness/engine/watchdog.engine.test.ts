import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startOf } from '../../bin/machine/process-table.cjs';
import { until } from '../run/until';
import { leftovers, removeRun } from './cleanup';
import { connectEngine, type Engine } from './connect';
import { startProcess, type ScratchProcess } from './scratch-process';

jest.setTimeout(120_000);

const context = { deadlineScale: 1, signal: new AbortController().signal };

/** A process that watches itself, prints `watchdog <pid>`, and then runs the rest. */
function drill(run: string, rest: string): ScratchProcess {
  return startProcess(`
    const connected = await engine('connect').connectEngine();
    const watchdog = engine('watchdog').startWatchdog(connected, '${run}');
    console.log('watchdog ' + watchdog.pid);
    await engine('network').createNetwork(connected, '${run}', '${run}');
    await engine('volume').createVolume(connected, '${run}', '${run}');
    const start = (name) => engine('start').startContainer(connected, {
      run: '${run}', name: '${run}-' + name, image: 'debian:bookworm-slim', hostname: name, network: '${run}', aliases: [],
      ports: [], files: [], volumes: [{ volume: '${run}', target: '/data' }], command: ['sleep', 'infinity'],
    }, new AbortController().signal);
    ${rest}`);
}

async function watchdogOf(process: ScratchProcess): Promise<number> {
  await process.said('watchdog ');
  return Number(/watchdog (\d+)/.exec(process.output())?.[1]);
}

async function gone(pid: number): Promise<void> {
  await until('container gone', context, () => startOf(pid) === null);
}

describe('watchdog', () => {
  let engine: Engine;
  const name = (purpose: string) => `scratch-watchdog-${process.pid}-${purpose}`;
  const purposes = ['killed', 'midway', 'crashed', 'stopped'];

  beforeAll(async () => {
    engine = await connectEngine();
  });
  afterAll(async () => {
    for (const purpose of purposes) await removeRun(engine, name(purpose));
  });

  test('after SIGKILL everything of the run is gone, and so is the watchdog', async () => {
    const run = name('killed');
    const parent = drill(
      run,
      `await Promise.all([start('a'), start('b')]); console.log('up'); setInterval(() => 0, 1e6);`,
    );
    const watchdog = await watchdogOf(parent);
    await parent.said('up');
    expect(await leftovers(engine, run)).toHaveLength(4);
    parent.child.kill('SIGKILL');
    // Nobody but the parent held its output: `pgdrill run | tee` ends with it.
    await parent.closed;
    await until('container gone', context, async () => (await leftovers(engine, run)).length === 0);
    await gone(watchdog);
    expect(existsSync(path.join(os.tmpdir(), `pgdrill-watchdog-${run}-${parent.child.pid}.log`))).toBe(false);
  });

  test('after SIGKILL in the middle of creating, nothing comes up later', async () => {
    const run = name('midway');
    const parent = drill(run, `console.log('creating'); await Promise.all(['a', 'b', 'c', 'd'].map(start));`);
    const watchdog = await watchdogOf(parent);
    await parent.said('creating');
    await until('containers started', context, async () => (await leftovers(engine, run)).length > 2, { everyMs: 10 });
    parent.child.kill('SIGKILL');
    await gone(watchdog);
    expect(await leftovers(engine, run)).toEqual([]);
  });

  test('a crash counts as death; signals to the watchdog itself do not stop it', async () => {
    const run = name('crashed');
    const parent = drill(run, `await start('a'); console.log('up'); setInterval(() => 0, 1e6);`);
    const watchdog = await watchdogOf(parent);
    await parent.said('up');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(watchdog, signal);
    expect(startOf(watchdog)).not.toBeNull();
    parent.child.kill('SIGABRT');
    await gone(watchdog);
    expect(await leftovers(engine, run)).toEqual([]);
  });

  test('a run that ended in order keeps what it made; the watchdog holds nobody', async () => {
    const run = name('stopped');
    const parent = drill(
      run,
      `await start('a'); await watchdog.stop(); await watchdog.stop(); console.log('stopped');`,
    );
    const watchdog = await watchdogOf(parent);
    await parent.said('stopped');
    await parent.closed;
    expect(parent.child.exitCode).toBe(0);
    expect(startOf(watchdog)).toBeNull();
    expect(await leftovers(engine, run)).toHaveLength(3);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Cluster } from '../cluster/cluster';
import { connectEngine } from '../engine/connect';
import { exitCodes } from '../record/outcome';
import { newId } from '../run/ids';
import { newSeed } from '../run/random';
import { Run } from '../run/run';
import { takeInterrupts } from './interruption';
import { openCluster } from './open-cluster';
import { onStandardError, type Screen } from './screen';

export interface OnClusterFlags {
  /** `--cluster`, `--description`: see `openCluster`. */
  cluster?: string;
  description?: string;
  /** Standard output is for programs: people read standard error. */
  json?: boolean;
}

/** What a command does on a cluster that is up. */
export interface OnCluster {
  run: Run;
  cluster: Cluster;
  /** Where people read. */
  people: Screen;
}

/**
 * Opens the cluster that is meant and works on it, with notes and warnings for people; an interrupt ends the work. Leaves no
 * report and keeps nothing.
 * @param options.seed default: a new one
 */
export async function onCluster(
  screen: Screen,
  flags: OnClusterFlags,
  options: { deadlineScale: number; seed?: number },
  work: (on: OnCluster) => Promise<number>,
): Promise<number> {
  const { deadlineScale, seed = newSeed() } = options;
  const sessionDir = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-'));
  const run = new Run({ id: newId(), sessionDir, seed, deadlineScale });
  const people = flags.json ? onStandardError(screen) : screen;
  const interruption = takeInterrupts(screen, (text) => people.print(`pgdrill: ${text}`));
  interruption.signal.addEventListener('abort', () => run.interrupt('asked to stop'), { once: true });
  interruption.killSignal.addEventListener('abort', () => process.exit(exitCodes.interrupted), { once: true });
  run.recorder.listen((event) => {
    if (event.kind === 'note' || event.kind === 'warning') people.print(event.text);
  });
  const scope = process.env.PATRONI_CLUSTER_NAME;
  try {
    const engine = await connectEngine({ remote: flags.description !== undefined });
    const cluster = await openCluster(engine, run, { ...flags, ...(scope ? { scope } : {}) });
    return await work({ run, cluster, people });
  } finally {
    await run.teardown.run(run.deadlineScale);
    interruption.stop();
    rmSync(sessionDir, { recursive: true, force: true });
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { leftovers } from '../engine/cleanup';
import { connectEngine, type Engine } from '../engine/connect';
import { dockerDirectory, ensureImages } from '../engine/images';
import { findStack, type ImageName } from '../engine/stacks';
import { startWatchdog, type Watchdog } from '../engine/watchdog';
import { newId } from '../run/ids';
import { Run } from '../run/run';
import { bootCluster } from './boot';
import type { Cluster } from './cluster';

const stack = findStack('bookworm');

/** A cluster of a test file's own: booted in `beforeAll`, shared by its tests, ended in `afterAll`. */
export interface TestCluster {
  readonly engine: Engine;
  readonly run: Run;
  readonly cluster: Cluster;
  /** Removes the cluster and the run's folder. @throws when an undo fails or anything of the run is still there */
  end(): Promise<void>;
}

/** The images of the stack under test, built where they are missing. */
export async function imagesForTests<N extends ImageName>(
  engine: Engine,
  names: readonly N[],
): Promise<Record<N, string>> {
  return ensureImages(engine, stack, names, {
    dockerDir: dockerDirectory(),
    progress: () => undefined,
    signal: new AbortController().signal,
    deadlineScale: 1,
  });
}

/**
 * Boots a cluster in a run of its own, under a folder for temporary files. A watchdog removes it when the tests'
 * process is killed. Where it does not get so far, everything is removed before the error is thrown on.
 * @param nodes Patroni members
 * @param namePrefix what the names of the containers begin with; default: the run's own
 */
export async function bootForTests(nodes = 3, namePrefix?: string): Promise<TestCluster> {
  const engine = await connectEngine();
  const images = await imagesForTests(engine, ['node', 'etcd', 'barman']);
  const sessionDir = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-test-'));
  const run = new Run({ id: newId(), sessionDir, seed: 1 });
  const watchdog = startWatchdog(engine, run.id);
  try {
    const { cluster } = await bootCluster(engine, run, {
      stack: { name: stack.name, postgresMajor: Number(stack.buildArguments.PG_MAJOR) },
      images,
      nodes,
      ...(namePrefix === undefined ? {} : { namePrefix }),
    });
    return { engine, run, cluster, end: () => end(engine, run, watchdog, sessionDir) };
  } catch (error) {
    await end(engine, run, watchdog, sessionDir).catch(() => undefined);
    throw error;
  }
}

async function end(engine: Engine, run: Run, watchdog: Watchdog, sessionDir: string): Promise<void> {
  const failures = await run.teardown.run();
  const left = await leftovers(engine, run.id);
  // With something left the watchdog is not told that all is done: it removes the rest when this process ends.
  if (left.length === 0) await watchdog.stop();
  rmSync(sessionDir, { recursive: true, force: true });
  const problems = [
    ...failures.map(({ name, error }) => `${name}: ${error}`),
    ...left.map((item) => JSON.stringify(item)),
  ];
  if (problems.length > 0) throw new Error(`the run ${run.id} did not end clean: ${problems.join('; ')}`);
}

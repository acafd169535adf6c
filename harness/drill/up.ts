import type { Dataset } from '../../fixtures/dataset';
import type { MemberDisks } from '../cluster/description';
import { findStack } from '../engine/stacks';
import type { RunEvent } from '../record/events';
import type { Run } from '../run/run';
import { packageVersion } from '../run/package';
import { phaseTitles } from './phase';
import { backupStage, bootStage, loadStage } from './stage';

export interface UpOptions {
  stack: string;
  nodes: number;
  dataset: Dataset;
  /** What the names of the containers begin with. Default: `pgdrill-<run>-`. */
  namePrefix?: string;
  /** File systems of members that are not the engine's own: some accidents need them. */
  disks?: MemberDisks;
  onEvent?: (event: RunEvent) => void;
}

/**
 * Boots a cluster, loads it, backs it up, and leaves it running for later commands (`enter`, `logs`, `down`). Where it
 * does not get so far, everything is removed again.
 * @returns the name of the member that leads
 * @throws PhaseFailed once the failing phase is recorded
 */
export async function bringUp(run: Run, options: UpOptions): Promise<string> {
  if (options.onEvent) run.recorder.listen(options.onEvent);
  const started = performance.now();
  const stack = findStack(options.stack);
  run.recorder.record({
    kind: 'run-started',
    format: 1,
    pgdrill: packageVersion(),
    node: process.version,
    run: run.id,
    session: run.id,
    drill: 'up',
    title: 'a cluster left running',
    stack: stack.name,
    dataset: options.dataset.name,
    seed: run.seed,
    arguments: [],
    objectives: { lostWrites: 0 },
    phases: Object.keys(phaseTitles)
      .slice(0, 6)
      .filter((id) => id !== 'ledger'),
  });
  try {
    const stage = await bootStage(run, { ...options, stack, keep: true });
    await loadStage(run, stage.cluster, options.dataset);
    await backupStage(run, stage.cluster);
    const { name } = await stage.cluster.leader();
    await stage.release();
    return name;
  } finally {
    const failures = await run.teardown.run(run.deadlineScale);
    const leftovers = failures.map((failure) => `${failure.name}: ${failure.error}`);
    run.recorder.record({ kind: 'run-ended', durationMs: Math.round(performance.now() - started), leftovers });
  }
}

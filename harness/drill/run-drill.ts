import { readFileSync } from 'node:fs';
import path from 'node:path';
import { datasetOf, thai } from '../../fixtures';
import { canonicalJson } from '../checks/canonical-json';
import { judge } from '../checks/judge';
import { standardChecks } from '../checks/standard';
import { Ledger } from '../observe/ledger/ledger';
import type { Sampling } from '../observe/collectors/fingerprints';
import { RoleWatcher } from '../observe/roles/role-watcher';
import { findStack, type Stack } from '../engine/stacks';
import { foldEvents, parseEvents } from '../record/fold';
import type { Verdict } from '../record/verdict';
import type { Run } from '../run/run';
import { playEpisode } from './episode';
import { lastLooks } from './last-looks';
import { packageVersion, recordedFile } from '../run/package';
import { phase, PhaseFailed, phaseTitles } from './phase';
import type { Drill } from './spec';
import { backupStage, bootStage, loadStage, type Stage, type StageOptions } from './stage';

export interface RunDrillOptions {
  session: string;
  /** The drill's file, for the report. */
  file?: string;
  /** The command's arguments, redacted. */
  arguments: string[];
  stack?: string;
  dataset?: string;
  nodes?: number;
  keep?: boolean;
  /** From how many rows on a table is sampled; default none. */
  sampling?: Sampling;
  /** Restores the fresh backup aside and judges it too. */
  deep?: boolean;
}

/**
 * One run of one drill, from the machine to the verdict. Whatever happens, the verdict is written, logs are kept and
 * everything that was made is removed; what went wrong is in the verdict, not thrown.
 */
export async function runDrill(drill: Drill, run: Run, options: RunDrillOptions): Promise<Verdict> {
  const started = performance.now();
  const dataset = options.dataset === undefined ? (drill.dataset ?? thai('tiny')) : datasetOf(options.dataset);
  const stack = findStack(options.stack ?? 'bookworm');
  const deep = isDeep(drill, options);
  const choice: StageOptions = {
    stack,
    dataset,
    nodes: options.nodes ?? drill.nodes,
    keep: options.keep ?? false,
    aside: deep,
    ...(drill.disks ? { disks: drill.disks } : {}),
  };
  begin(drill, run, options, choice, stack, phasesOf(drill, deep));
  let stage: Stage | undefined;
  let watcher: RoleWatcher | undefined;
  try {
    stage = await bootStage(run, choice);
    const { cluster } = stage;
    watcher = RoleWatcher.start(run, cluster);
    const taken = await loadStage(run, cluster, dataset, options.sampling);
    let ledger: Ledger | undefined;
    await phase(run, 'ledger', async () => {
      ledger = await Ledger.start(run, cluster, { writers: drill.writers, perSecond: drill.writesPerSecond });
      return `${drill.writers} writers, ${drill.writesPerSecond} commits a second, each acknowledged at least once`;
    });
    const backup = await backupStage(run, cluster, (leader, made) => ledger!.readEarly(leader, made));
    await playEpisode({
      drill,
      run,
      engine: stage.engine,
      cluster,
      ledger: ledger!,
      backup,
      taken,
      database: dataset.database,
      deep,
    });
  } catch (error) {
    if (!(error instanceof PhaseFailed)) throw error;
  } finally {
    if (stage) await lastLooks(run, stage, watcher);
  }
  const verdict = concludeRun(drill, run);
  await end(run, stage, choice.keep, started);
  return verdict;
}

/** Judges what was recorded, from the file and nothing else, so that `pgdrill check` comes to the same. */
function concludeRun(drill: Drill, run: Run): Verdict {
  const evidence = foldEvents(parseEvents(readFileSync(path.join(run.dir, 'events.jsonl'), 'utf8')));
  run.recorder.write('evidence.json', canonicalJson(evidence));
  const verdict = judge(evidence, { pgdrill: packageVersion(), checks: [...standardChecks, ...drill.checks] });
  run.recorder.write('verdict.json', canonicalJson(verdict));
  run.recorder.record({ kind: 'verdict', verdict });
  return verdict;
}

async function end(run: Run, stage: Stage | undefined, keep: boolean, started: number): Promise<void> {
  // An interrupted run is not one to look into: it is removed, --keep or not.
  if (keep && !run.signal.aborted) await stage?.release();
  const failures = await run.teardown.run(run.deadlineScale);
  // Where an undo failed, the watchdog tries again once this process is gone.
  if (failures.length === 0) await stage?.watchdog.stop();
  const leftovers = failures.map((failure) => `${failure.name}: ${failure.error}`);
  run.recorder.record({ kind: 'run-ended', durationMs: Math.round(performance.now() - started), leftovers });
}

/** A live sabotage names the exact checks that turn red, so it says itself whether it is deep. */
function isDeep(drill: Drill, options: RunDrillOptions): boolean {
  return drill.deep || (options.deep === true && drill.episodes[0].expect.kind === 'recovered');
}

/** Ids of the phases to come, in order. */
function phasesOf({ episodes: [{ before, spoil }] }: Drill, deep: boolean): string[] {
  const chosen: Record<string, boolean> = { before: !!before, spoil: !!spoil, aside: deep };
  return Object.keys(phaseTitles).filter((id) => chosen[id] ?? true);
}

function begin(
  drill: Drill,
  run: Run,
  options: RunDrillOptions,
  choice: StageOptions,
  stack: Stack,
  phases: string[],
): void {
  run.recorder.record({
    kind: 'run-started',
    format: 1,
    pgdrill: packageVersion(),
    node: process.version,
    run: run.id,
    session: options.session,
    drill: drill.id,
    title: drill.title,
    ...(options.file === undefined ? {} : { file: recordedFile(options.file) }),
    stack: stack.name,
    dataset: choice.dataset.name,
    seed: run.seed,
    arguments: options.arguments,
    objectives: drill.objectives,
    phases,
  });
}

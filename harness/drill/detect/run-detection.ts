import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Dataset } from '../../../fixtures/dataset';
import { canonicalJson } from '../../checks/canonical-json';
import type { Cluster } from '../../cluster/cluster';
import type { Stack } from '../../engine/stacks';
import type { Detector } from '../../observe/detectors/detector';
import type { BackupRef } from '../../record/backup-ref';
import { describeError } from '../../record/errors';
import { parseEvents } from '../../record/fold';
import type { Verdict } from '../../record/verdict';
import { narrator } from '../../recovery/narrator';
import { packageVersion } from '../../run/package';
import type { Run } from '../../run/run';
import { lastLooks } from '../last-looks';
import { phase, PhaseFailed } from '../phase';
import { backupStage, bootStage, loadStage, type Stage } from '../stage';
import { detectVerdict } from './detect-verdict';
import type { Fault } from './fault';
import { isLoud, Looks } from './looks';
import { makeSound } from './sound-again';
import { strikeAndAsk, type Detection } from './strike-and-ask';
import { versionsOf } from './versions';

export interface DetectionOptions {
  session: string;
  /** The command's arguments, redacted. */
  arguments: string[];
  stack: Stack;
  dataset: Dataset;
  nodes: number;
  faults: readonly Fault[];
  detectors: readonly Detector[];
}

export interface DetectionResult {
  verdict: Verdict;
  /** Faults that it did not come to, because the cluster could not be made sound before them. */
  left: Fault[];
}

/**
 * Boots a cluster and lets the faults happen to it, one after the other, each on a cluster that is sound by all detectors.
 * Whatever happens, the verdict is written, logs are kept and everything that was made is removed.
 */
export async function runDetection(run: Run, options: DetectionOptions): Promise<DetectionResult> {
  const started = performance.now();
  const { stack, dataset, nodes } = options;
  begin(run, options);
  let stage: Stage | undefined;
  let left = [...options.faults];
  try {
    stage = await bootStage(run, { stack, dataset, nodes, keep: false });
    const { cluster } = stage;
    await loadStage(run, cluster, dataset);
    const backup = await backupStage(run, cluster);
    const detection = await soundStage(run, cluster, options, backup);
    await phase(run, 'detect', async () => {
      left = await strikeAll(detection, options.faults);
      const done = options.faults.length - left.length;
      return `${done} faults, ${options.detectors.length} detectors asked of each`;
    });
  } catch (error) {
    if (!(error instanceof PhaseFailed)) throw error;
  } finally {
    if (stage) await lastLooks(run, stage, undefined);
  }
  const verdict = conclude(run);
  await end(run, stage, started);
  return { verdict, left };
}

/** Phase `sound`: what every detector says of a cluster that has nothing. */
async function soundStage(
  run: Run,
  cluster: Cluster,
  { dataset, detectors, faults }: DetectionOptions,
  backup: BackupRef,
): Promise<Detection> {
  const { database } = dataset;
  const looks = new Looks(detectors, { run, cluster, database });
  const detection = { run, cluster, database, detectors, looks, backup: neededOf(backup) };
  await phase(run, 'sound', async () => {
    run.recorder.record({
      kind: 'detection-begun',
      faults: faults.map(({ name, title }) => ({ fault: name, title })),
      detectors: detectors.map(({ name, head, title }) => ({ detector: name, head, title })),
      versions: await versionsOf(cluster),
    });
    await looks.untilQuiet(await cluster.leader(), detection.backup);
    looks.settle();
    return `${detectors.length} detectors have nothing to say`;
  });
  return detection;
}

/** @returns those that were not come to */
async function strikeAll(detection: Detection, faults: readonly Fault[]): Promise<Fault[]> {
  const { run, cluster, looks } = detection;
  for (const [episode, fault] of faults.entries()) {
    const narrate = narrator(run, episode);
    const asked = await narrate(fault.name, fault.title, async () => {
      const told = await strikeAndAsk(detection, episode, fault);
      return [told, told.summary];
    });
    const rest = faults.slice(episode + 1);
    if (rest.length === 0) break;
    try {
      const fresh = await makeSound(run, cluster, fault, asked);
      if (fresh) detection.backup = neededOf(fresh);
      looks.forgetOthers(asked.looked);
      await looks.untilQuiet(asked.looked, detection.backup);
    } catch (error) {
      if (run.signal.aborted) throw error;
      const { what } = describeError(error);
      const why = isLoud(error) ? 'is not sound again' : 'could not be made sound';
      run.recorder.record({ kind: 'warning', text: `after ${fault.name} the cluster ${why}: ${what}` });
      return rest;
    }
  }
  return [];
}

function neededOf({ id, beginWal }: BackupRef): Detection['backup'] {
  return { id, beginWal };
}

/** Judges what was recorded, from the file and nothing else, so that `pgdrill check` comes to the same. */
function conclude(run: Run): Verdict {
  const { events } = parseEvents(readFileSync(path.join(run.dir, 'events.jsonl'), 'utf8'));
  const verdict = detectVerdict(events);
  run.recorder.write('verdict.json', canonicalJson(verdict));
  run.recorder.record({ kind: 'verdict', verdict });
  return verdict;
}

async function end(run: Run, stage: Stage | undefined, started: number): Promise<void> {
  const failures = await run.teardown.run(run.deadlineScale);
  // Where an undo failed, the watchdog tries again once this process is gone.
  if (failures.length === 0) await stage?.watchdog.stop();
  const leftovers = failures.map((failure) => `${failure.name}: ${failure.error}`);
  run.recorder.record({ kind: 'run-ended', durationMs: Math.round(performance.now() - started), leftovers });
}

function begin(run: Run, options: DetectionOptions): void {
  run.recorder.record({
    kind: 'run-started',
    format: 1,
    pgdrill: packageVersion(),
    node: process.version,
    run: run.id,
    session: options.session,
    drill: 'detect',
    title: 'who notices what: every fault shown to every detector',
    stack: options.stack.name,
    dataset: options.dataset.name,
    seed: run.seed,
    arguments: options.arguments,
    objectives: { lostWrites: 0 },
    phases: ['machine', 'images', 'boot', 'load', 'backup', 'sound', 'detect'],
  });
}

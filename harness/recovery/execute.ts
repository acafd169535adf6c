import { PgdrillError } from '../record/errors';
import type { JournalStep } from '../record/journal';
import { nowText } from '../run/recorder';
import type { JournalStore } from './journal';
import { prerequisites } from './plan/step-order';
import { RecoveryWaits } from './recovery-waits';
import type { Site, Step, StepAction } from './site';
import { archiveTail } from './steps/archive-tail';
import { checkThere } from './steps/check-there';
import { clearDcs } from './steps/clear-dcs';
import { fence } from './steps/fence';
import { freshBackup } from './steps/fresh-backup';
import { isolate } from './steps/isolate';
import { lead } from './steps/lead';
import { look } from './steps/look';
import { makeFiles } from './steps/make-files';
import { rearm } from './steps/rearm';
import { rejoin } from './steps/rejoin';
import { replay } from './steps/replay';
import { restore } from './steps/restore';
import { stopIsolated } from './steps/stop-isolated';
import { tidy } from './steps/tidy';
import { unpause } from './steps/unpause';
import { startEtcd, stopEtcd } from './whole-cluster/etcd-steps';

/** What does the step that a plan names, and what takes it back. */
const steps: Readonly<Record<string, Step>> = {
  'archive-tail': { do: archiveTail },
  unpause,
  'make-files': makeFiles,
  isolate,
  fence,
  'stop-etcd': stopEtcd,
  restore,
  replay,
  look,
  'check-there': { do: checkThere },
  'stop-isolated': stopIsolated,
  'start-etcd': startEtcd,
  'clear-dcs': clearDcs,
  lead,
  rejoin,
  rearm,
  'fresh-backup': freshBackup,
  tidy: { do: tidy },
};

/** What each step does, by its id: for those who replace one and still want it done. */
export const actions: Readonly<Record<string, StepAction>> = Object.fromEntries(
  Object.entries(steps).map(([id, step]) => [id, step.do]),
);

export interface ExecuteOptions {
  /** What to do instead of a step, by its id; the result names them. */
  replaced?: Record<string, StepAction>;
  /** Where the journal is kept. */
  journal: JournalStore;
}

/**
 * Executes a plan, step by step, each recorded and journalled as it begins and ends. Steps that the journal has as done are
 * passed over: an earlier process has done them.
 * @throws what a step throws
 */
export async function executePlan(site: Site, { replaced = {}, journal }: ExecuteOptions): Promise<void> {
  const unknown = Object.keys(replaced).find((id) => !site.plan.steps.some((step) => step.id === id));
  if (unknown !== undefined) {
    throw new PgdrillError(
      'PGDRILL_STEP_UNKNOWN',
      `a step "${unknown}" is to be replaced, and the plan has none`,
      `the plan's steps: ${site.plan.steps.map((step) => step.id).join(', ')}`,
    );
  }
  if (Object.keys(replaced).length > 0) site.result.replacedSteps = Object.keys(replaced).sort();
  const done = new Set(site.steps.filter((step) => step.state === 'done').map((step) => step.id));
  const ids = site.plan.steps.map((step) => step.id);
  const doing = new Map<string, Promise<void>>();
  for (const [index, { id, title }] of site.plan.steps.entries()) {
    if (done.has(id)) continue;
    const first = prerequisites(id, ids.slice(0, index)).map((one) => doing.get(one));
    const work = Promise.all(first).then(() => executeStep(site, id, title, replaced[id] ?? steps[id]?.do, journal));
    // A failure while others are at work must not count as unhandled; it is thrown below.
    work.catch(() => undefined);
    doing.set(id, work);
  }
  // All of them: whoever takes it back or goes on with it must not meet one that is still at work.
  const ended = await Promise.allSettled(doing.values());
  // What waited for a step that failed failed with it, and stands behind it.
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}

/**
 * Takes one step back, recorded and journalled as it is done. Nothing is to be done for one that never began or that is
 * taken back already.
 * @throws what its undo throws
 */
export async function takeBack(site: Site, id: string, journal: JournalStore): Promise<void> {
  const entry = site.steps.find((step) => step.id === id);
  if (!entry || entry.state === 'undone') return;
  const undo = steps[id]?.undo;
  const planned = site.plan.steps.find((step) => step.id === id);
  const { recorder } = site.run;
  const common = { episode: site.episode, step: `undo-${id}`, title: `take back: ${planned?.title ?? id}` };
  const started = performance.now();
  const ended = () => ({ ...common, durationMs: Math.round(performance.now() - started) });
  if (undo) recorder.record({ kind: 'step-started', ...common });
  try {
    const summary = await undo?.(site);
    if (summary !== undefined) recorder.record({ kind: 'step-ended', ...ended(), outcome: 'done', summary });
  } catch (error) {
    recorder.record({ kind: 'step-ended', ...ended(), outcome: 'failed' });
    throw error;
  }
  Object.assign(entry, { state: 'undone', at: nowText() });
  await journal.save(site, 'rolling-back');
}

async function executeStep(
  site: Site,
  id: string,
  title: string,
  action: StepAction | undefined,
  journal: JournalStore,
): Promise<void> {
  if (!action)
    throw new PgdrillError(
      'PGDRILL_STEP_UNKNOWN',
      `the plan has a step "${id}" that this version cannot do`,
      'plan anew with this version',
    );
  const { recorder } = site.run;
  const started = performance.now();
  const common = { episode: site.episode, step: id, title };
  const entry: JournalStep = { id, state: 'begun', at: nowText() };
  // One that was cut off is begun anew, in its place.
  site.steps = [...site.steps.filter((step) => step.id !== id), entry];
  await journal.save(site, 'running');
  recorder.record({ kind: 'step-started', ...common });
  try {
    const summary = await action(site);
    const durationMs = Math.round(performance.now() - started);
    Object.assign(entry, { state: 'done', at: nowText(), durationMs, summary });
    recorder.record({ kind: 'step-ended', ...common, outcome: 'done', durationMs, summary });
  } catch (error) {
    const durationMs = Math.round(performance.now() - started);
    // One that waits has done what it can; the journal has it as begun, and a resume begins it anew.
    const ended =
      error instanceof RecoveryWaits
        ? { outcome: 'done' as const, summary: error.message }
        : { outcome: 'failed' as const };
    recorder.record({ kind: 'step-ended', ...common, ...ended, durationMs });
    throw error;
  }
}

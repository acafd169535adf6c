import { PgdrillError } from '../record/errors';
import type { Site, StepAction } from './site';
import { archiveTail } from './steps/archive-tail';
import { checkThere } from './steps/check-there';
import { clearDcs } from './steps/clear-dcs';
import { fence } from './steps/fence';
import { freshBackup } from './steps/fresh-backup';
import { lead } from './steps/lead';
import { rearm } from './steps/rearm';
import { rejoin } from './steps/rejoin';
import { replay } from './steps/replay';
import { restore } from './steps/restore';
import { stopIsolated } from './steps/stop-isolated';
import { tidy } from './steps/tidy';

/** What does the step that a plan names. */
export const actions: Readonly<Record<string, StepAction>> = {
  'archive-tail': archiveTail,
  fence,
  restore,
  replay,
  'check-there': checkThere,
  'stop-isolated': stopIsolated,
  'clear-dcs': clearDcs,
  lead,
  rejoin,
  rearm,
  'fresh-backup': freshBackup,
  tidy,
};

/** Steps that need the new leader only, so that they go on while the other members are copied. */
const besideRejoin = new Set(['rearm', 'fresh-backup']);

/**
 * Executes a plan, step by step, each recorded as it begins and ends.
 * @param replaced what to do instead of a step, by its id; the result names them
 * @throws what a step throws
 */
export async function executePlan(site: Site, replaced: Record<string, StepAction> = {}): Promise<void> {
  const unknown = Object.keys(replaced).find((id) => !site.plan.steps.some((step) => step.id === id));
  if (unknown !== undefined) {
    throw new PgdrillError(
      'PGDRILL_STEP_UNKNOWN',
      `a step "${unknown}" is to be replaced, and the plan has none`,
      `the plan's steps: ${site.plan.steps.map((step) => step.id).join(', ')}`,
    );
  }
  if (Object.keys(replaced).length > 0) site.result.replacedSteps = Object.keys(replaced).sort();
  let rejoining: Promise<void> | undefined;
  for (const step of site.plan.steps) {
    if (rejoining && !besideRejoin.has(step.id)) {
      await rejoining;
      rejoining = undefined;
    }
    const done = executeStep(site, step.id, step.title, replaced[step.id] ?? actions[step.id]);
    if (step.id === 'rejoin') {
      rejoining = done;
      // Awaited below; a failure while the other steps run must not count as unhandled.
      rejoining.catch(() => undefined);
    } else await done;
  }
  await rejoining;
}

async function executeStep(site: Site, id: string, title: string, action: StepAction | undefined): Promise<void> {
  if (!action)
    throw new PgdrillError(
      'PGDRILL_STEP_UNKNOWN',
      `the plan has a step "${id}" that this version cannot do`,
      'plan anew with this version',
    );
  const { recorder } = site.run;
  const started = performance.now();
  const common = { episode: site.episode, step: id, title };
  recorder.record({ kind: 'step-started', ...common });
  try {
    const summary = await action(site);
    recorder.record({
      kind: 'step-ended',
      ...common,
      outcome: 'done',
      durationMs: Math.round(performance.now() - started),
      summary,
    });
  } catch (error) {
    recorder.record({
      kind: 'step-ended',
      ...common,
      outcome: 'failed',
      durationMs: Math.round(performance.now() - started),
    });
    throw error;
  }
}

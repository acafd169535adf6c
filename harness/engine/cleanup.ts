import { messageOf, PgdrillError } from '../record/errors';
import { labels } from '../run/ids';
import { deadlineMs } from '../run/deadlines';
import type { Engine } from './connect';
import { creationsEnded } from './creations';
import { engineFailure, isConnectionLost } from './failures';
import { ownerIsGone } from './ownership';
import { listLabelled, removeRun as removeLabelled, type Resource } from './removal.cjs';

export type { Resource };

/** What one run has on the engine. */
export interface RunOnEngine {
  readonly run: string;
  readonly resources: readonly Resource[];
  /** Made to stay (`up`, `--keep`). */
  readonly kept: boolean;
  /** No process that owns it is left. False as well when that cannot be known: another host, no label. */
  readonly ownerGone: boolean;
}

/**
 * Removes everything that a run has made: containers with their anonymous volumes, networks, volumes, by label, until
 * two looks in a row find nothing, and what this process is still creating of it. Idempotent.
 * @returns names of what was removed
 * @throws PGDRILL_LEFTOVERS when something cannot be removed; PGDRILL_ENGINE_DIED
 */
export async function removeRun(engine: Engine, run: string): Promise<string[]> {
  try {
    const remove = () => removeLabelled(engine.endpoint, run, { deadlineMs: deadlineMs('container gone') });
    const removed = await remove();
    // What was being created meanwhile, after an interrupt, comes to light only now.
    return (await creationsEnded(run)) ? [...removed, ...(await remove())] : removed;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (isConnectionLost(cause)) throw engineFailure(cause, `what the run ${run} made was removed`);
    throw new PgdrillError('PGDRILL_LEFTOVERS', messageOf(error), `try \`pgdrill down ${run}\` again`, {
      cause: error,
    });
  }
}

/** What is still there of a run. */
export async function leftovers(engine: Engine, run: string): Promise<Resource[]> {
  return list(engine, `${labels.run}=${run}`);
}

/** Every run that has something on the engine, of whichever process. */
export async function findRuns(engine: Engine): Promise<RunOnEngine[]> {
  const byRun = new Map<string, Resource[]>();
  for (const resource of await list(engine, labels.run)) {
    const run = resource.labels[labels.run] ?? '';
    byRun.set(run, [...(byRun.get(run) ?? []), resource]);
  }
  return [...byRun].map(([run, resources]) => ({
    run,
    resources,
    kept: resources.some((resource) => labels.kept in resource.labels),
    ownerGone: resources.every((resource) => ownerIsGone(resource.labels[labels.owner] ?? '')),
  }));
}

/**
 * Removes what runs have left whose processes are gone and that were not made to stay; everything else is left alone.
 * @returns the ids of the runs removed
 */
export async function sweep(engine: Engine): Promise<string[]> {
  const stale = (await findRuns(engine)).filter(({ kept, ownerGone }) => ownerGone && !kept);
  await Promise.all(stale.map(({ run }) => removeRun(engine, run)));
  return stale.map(({ run }) => run);
}

async function list(engine: Engine, label: string): Promise<Resource[]> {
  try {
    return await listLabelled(engine.endpoint, label);
  } catch (error) {
    throw engineFailure(error, `what carries the label ${label} was looked for`);
  }
}

import { availableParallelism } from 'node:os';
import { PgdrillError } from '../record/errors';

/**
 * How many drills run at once: what was asked for, else PGDRILL_JOBS, else one for every four cores (a drill keeps a
 * cluster of seven containers busy; two at once on two cores only make each other late).
 * @throws PGDRILL_JOBS when it is no number from 1 to 64
 */
export function jobsAtOnce(
  asked?: number,
  env: NodeJS.ProcessEnv = process.env,
  cores = availableParallelism(),
): number {
  const given = asked ?? (env.PGDRILL_JOBS ? Number(env.PGDRILL_JOBS) : undefined);
  if (given === undefined) return Math.max(1, Math.floor(cores / 4));
  if (Number.isInteger(given) && given >= 1 && given <= 64) return given;
  throw new PgdrillError(
    'PGDRILL_JOBS',
    `${asked ?? env.PGDRILL_JOBS} is no number of drills to run at once`,
    'set PGDRILL_JOBS to a number from 1 to 64, or leave it out',
  );
}

/** Does the work for every item, at most `jobs` at once, begun in the items' order. */
export async function inTurn<T>(items: readonly T[], jobs: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const lane = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, lane));
}

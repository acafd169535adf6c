import type { Journal } from '../../record/journal';
import type { PlannedStep } from '../../record/recovery';

/** A file in a data directory that says: this is the old data, put back by a rollback that has not told so yet. */
export const putBackMark = 'pgdrill.put-back';

/** Who is at a recovery, as far as can be told from here. */
export type OwnerLife = 'alive' | 'gone' | 'on another host';

/** Where a recovery stands, and what can be done about it. */
export interface Standing {
  /** The step it is at: begun and not done, or the next one; absent when nothing is left to do. */
  step?: PlannedStep;
  /** Number of that step in the plan, from 1 on, and how many there are. */
  place?: { number: number; of: number };
  /** How many steps are done. */
  done: number;
  /** Whether somebody is at it now. */
  atWork: boolean;
  mayResume: boolean;
  mayRollBack: boolean;
}

/** Steps of the plan that have begun and are not taken back, last first: the order in which they are undone. */
export function stepsToUndo(journal: Pick<Journal, 'plan' | 'steps'>): string[] {
  const begun = new Set(journal.steps.filter(({ state }) => state !== 'undone').map(({ id }) => id));
  return journal.plan.steps
    .map(({ id }) => id)
    .filter((id) => begun.has(id))
    .reverse();
}

/** Whether a step has begun and was not taken back. */
export function hasBegun(journal: Pick<Journal, 'steps'>, id: string): boolean {
  return journal.steps.some((step) => step.id === id && step.state !== 'undone');
}

/** Whether a step has ever begun, taken back or not. */
export function everBegun(journal: Pick<Journal, 'steps'>, id: string): boolean {
  return journal.steps.some((step) => step.id === id);
}

/** Whether nothing is left to do with a recovery. One that is done and keeps what is old can still be rolled back. */
export function isOver({ state, request }: Pick<Journal, 'state' | 'request'>): boolean {
  return state === 'rolled-back' || (state === 'done' && !request.keepOld);
}

/** The member that a rollback brings back as leader; undefined where there was none. */
export function oldLeaderOf({ plan, result }: Pick<Journal, 'plan' | 'result'>): string | undefined {
  return result.oldLeader ?? plan.leader;
}

/** Whether what is put aside may have been removed in part: then nothing of it can be trusted. */
export function tidyBegun(journal: Pick<Journal, 'steps' | 'request'>): boolean {
  return !journal.request.keepOld && everBegun(journal, 'tidy');
}

/**
 * Members whose data the rejoin may have changed, unless it was put aside first. One that a drill replaced tells nothing:
 * then every member but the recovered one.
 */
export function touchedMembers(journal: Pick<Journal, 'plan' | 'steps' | 'result'>): string[] {
  if (!everBegun(journal, 'rejoin')) return [];
  if (journal.result.replacedSteps?.includes('rejoin')) return journal.plan.others.map(({ member }) => member);
  return journal.result.rejoinBegun ?? [];
}

/** Where a recovery stands, by its journal and by whether its process lives. */
export function standingOf(journal: Journal, owner: OwnerLife): Standing {
  const { steps } = journal.plan;
  const done = new Set(journal.steps.filter(({ state }) => state === 'done').map(({ id }) => id));
  const index = steps.findIndex(({ id }) => !done.has(id));
  const busy = journal.state === 'running' || journal.state === 'rolling-back';
  const over = isOver(journal);
  const atWork = busy && owner !== 'gone';
  const step = over ? undefined : steps[index];
  return {
    ...(step ? { step, place: { number: index + 1, of: steps.length } } : {}),
    done: done.size,
    atWork,
    mayResume: !atWork && !over && journal.state !== 'rolling-back' && journal.state !== 'done',
    mayRollBack: !atWork && !over,
  };
}

/** Where a recovery stands, in one sentence. */
export function standingWords(journal: Journal, owner: OwnerLife): string {
  const { step, place, atWork } = standingOf(journal, owner);
  const at = step && place ? `step ${place.number} of ${place.of}, ${step.id} (${step.title})` : 'its end';
  switch (journal.state) {
    case 'running':
      return atWork
        ? `at work at ${at}, by ${journal.owner}`
        : `cut off at ${at}: the process ${journal.owner} is gone`;
    case 'rolling-back':
      return atWork
        ? `being rolled back, by ${journal.owner}`
        : `cut off while it was rolled back: the process ${journal.owner} is gone`;
    case 'waiting':
      if (journal.plan.mode === 'files') return 'its files are made; what of the rest was typed by hand, nobody knows';
      return `came as far as mode ${journal.plan.mode} goes${journal.why === undefined ? '' : `: ${journal.why}`}`;
    case 'failed':
      if (journal.why?.includes('PGDRILL_INTERRUPTED')) return `interrupted at ${at}`;
      return `failed at ${at}: ${journal.why ?? 'no reason was kept'}`;
    case 'done':
      return journal.request.keepOld ? 'done; the old data is kept, and the way back with it' : 'done';
    case 'rolled-back':
      return 'rolled back';
  }
}

import type { FenceMode, RecoveryMode } from '../../record/recovery';

/** Steps of a recovery on one isolated member, by the names that a journal keeps. */
export type StepId =
  | 'archive-tail'
  | 'make-files'
  | 'isolate'
  | 'fence'
  | 'restore'
  | 'replay'
  | 'look'
  | 'check-there'
  | 'stop-isolated'
  | 'clear-dcs'
  | 'lead'
  | 'rejoin'
  | 'rearm'
  | 'fresh-backup'
  | 'tidy';

const recovered: StepId[] = ['restore', 'replay', 'look', 'check-there'];
const cutOver: StepId[] = ['stop-isolated', 'clear-dcs', 'lead', 'rejoin', 'rearm', 'fresh-backup', 'tidy'];
/** With the fence at the cut-over: the old leader goes on until the recovered node is ready. */
const atCutOver: StepId[] = ['archive-tail', 'isolate', ...recovered, 'fence', ...cutOver];

/** Fenced first: all at once, or the node before the others. */
const together: StepId[] = ['archive-tail', 'fence'];
const apart: StepId[] = ['isolate', ...together];

/** The last step that each mode below `cluster` does by itself. */
const lastOf: Record<Exclude<RecoveryMode, 'cluster' | 'files'>, StepId> = { apply: 'restore', restore: 'check-there' };

/**
 * What is done, and what is left after it for a person, or a resume that goes further: always the fence at the cut-over,
 * as by then the node alone is out of the cluster.
 * @param asked.alone whether there is no other member
 * @param asked.apart whether the node may leave before the others are fenced, so that its restore goes on meanwhile
 */
export function stepLists(asked: {
  mode: RecoveryMode;
  fence: FenceMode;
  pause: boolean;
  alone: boolean;
  apart: boolean;
}): {
  steps: StepId[];
  remaining: StepId[];
} {
  const fits = (id: StepId) => (id !== 'look' || asked.pause) && (id !== 'rejoin' || !asked.alone);
  const whole = atCutOver.filter(fits);
  switch (asked.mode) {
    case 'files':
      return { steps: ['archive-tail', 'make-files'], remaining: whole.slice(1) };
    case 'apply':
    case 'restore': {
      const end = whole.indexOf(lastOf[asked.mode]) + 1;
      return { steps: whole.slice(0, end), remaining: whole.slice(end) };
    }
    case 'cluster':
      if (asked.fence === 'cutover') return { steps: whole, remaining: [] };
      return {
        steps: [...(asked.apart ? apart : together), ...recovered, ...cutOver].filter(fits),
        remaining: [],
      };
  }
}

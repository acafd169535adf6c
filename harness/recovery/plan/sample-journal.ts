import type { Journal } from '../../record/journal';
import type { PitrPlan, PlannedStep } from '../../record/recovery';
import { SAMPLE_ID, sampleBackup } from './sample-facts';

const plannedSteps = (...ids: string[]): PlannedStep[] =>
  ids.map((id) => ({ id, title: `the step ${id}`, commands: [], changes: 'nothing' }));

/** A plan for the tests of what is done with one: db2 is recovered on, db1 leads. */
export function samplePlan(change: Partial<PitrPlan> = {}): PitrPlan {
  const copy = { rejoin: 'copy' as const, reason: 'it is small' };
  return {
    strategy: 'isolated-node',
    target: { kind: 'latest' },
    targetTimeline: 3,
    backup: sampleBackup().id,
    node: 'db2',
    others: [
      { member: 'db1', ...copy },
      { member: 'db3', ...copy },
    ],
    segments: [],
    steps: plannedSteps('archive-tail', 'fence', 'restore', 'rearm', 'rejoin'),
    warnings: [],
    id: SAMPLE_ID,
    mode: 'cluster',
    fence: 'now',
    walMethod: 'barman-wal-restore',
    pause: false,
    leader: 'db1',
    segmentSize: 16 * 1024 * 1024,
    newTimeline: 4,
    keptDirectory: `/var/lib/postgresql/15/db2.before-${SAMPLE_ID}`,
    ...change,
  };
}

/** The steps of a plan in mode `restore`, and those that lead on from there. */
export function sampleModes(): Pick<PitrPlan, 'steps' | 'remaining'> {
  return {
    steps: plannedSteps('archive-tail', 'isolate', 'restore'),
    remaining: plannedSteps('replay', 'check-there', 'fence', 'stop-isolated', 'lead'),
  };
}

/** A journal of it, before its first step. */
export function sampleJournal(): Journal {
  const plan = samplePlan();
  return {
    format: 1,
    version: 1,
    pgdrill: '0.0.0',
    scope: 'patroni1',
    startedAt: '2026-11-21T06:45:00.000000Z',
    owner: 'host/7/99',
    state: 'running',
    request: {
      id: plan.id,
      target: plan.target,
      backup: plan.backup,
      targetTimeline: plan.targetTimeline,
      mode: plan.mode,
      fence: plan.fence,
      walMethod: plan.walMethod,
      pause: false,
      upToGap: false,
      keepOld: false,
      force: [],
    },
    plan,
    backup: sampleBackup(),
    steps: [],
    result: {},
    ownSettings: {},
  };
}

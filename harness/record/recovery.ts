import { z } from 'zod';
import { durationMs, int64, lsn, time, timeline } from './values';

/** Where a recovery shall stop. `recovery_target_*` of PostgreSQL's documentation, section 20.5.6. */
export const recoveryTargetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('time'), time, inclusive: z.boolean() }),
  z.object({ kind: z.literal('lsn'), lsn, inclusive: z.boolean() }),
  z.object({ kind: z.literal('xid'), xid: int64, inclusive: z.boolean() }),
  z.object({ kind: z.literal('name'), name: z.string() }),
  z.object({ kind: z.literal('immediate') }),
  z.object({ kind: z.literal('latest') }),
]);
export type RecoveryTarget = z.infer<typeof recoveryTargetSchema>;

/** One step of a plan as people see it. */
export const plannedStepSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** The commands a person would type for the same; never a secret. */
  commands: z.array(z.string()),
  changes: z.string().describe('what the step changes, or "nothing"'),
});
export type PlannedStep = z.infer<typeof plannedStepSchema>;

/** What the planner decided, before anything is touched. */
export const recoveryPlanSchema = z.object({
  strategy: z.string(),
  target: recoveryTargetSchema,
  targetTimeline: timeline,
  backup: z.string(),
  node: z.string(),
  others: z.array(z.object({ member: z.string(), rejoin: z.enum(['copy', 'rewind']), reason: z.string() })),
  segments: z.array(z.string()).describe('WAL segments from the begin of the backup to the target'),
  steps: z.array(plannedStepSchema),
  warnings: z.array(z.string()),
});
export type RecoveryPlan = z.infer<typeof recoveryPlanSchema>;

/** The transaction record at which replay has to stop: the first that satisfies the target's stop rule, in WAL order. */
export const boundarySchema = z.object({
  timeline,
  lsn,
  xid: int64,
  time,
  record: z.string().describe('COMMIT, ABORT …'),
  /** The last commit before the boundary, which is the last that must be there. */
  lastKept: z.object({ lsn, xid: int64, time }).optional(),
});
export type Boundary = z.infer<typeof boundarySchema>;

/** How a recovery went. */
export const recoveryResultSchema = z.object({
  strategy: z.string(),
  plan: recoveryPlanSchema.optional(),
  outcome: z.enum(['done', 'skipped', 'refused', 'failed']),
  code: z.string().optional(),
  node: z.string().optional(),
  /** The moment at which every member refused a write, and the last one of the old history. */
  fencedAt: time.optional(),
  fence: z.array(z.object({ member: z.string(), refused: z.string() })).optional(),
  /** PostgreSQL's own words about where replay stopped (server log). */
  stop: z.array(z.string()).optional(),
  /** What was found on the isolated node before it was made leader. */
  checkedThere: z.array(z.string()).optional(),
  newTimeline: timeline.optional(),
  branchLsn: lsn.optional(),
  freshBackup: z.string().optional(),
  /** When the recovered node's Patroni was started: what is acknowledged from then on may be on the new history. */
  leadStartedAt: time.optional(),
  leaderSince: time.optional(),
  rejoinedAt: time.optional(),
  /** Steps that a drill replaced or left out, by id: how live sabotages are made. */
  replacedSteps: z.array(z.string()).optional(),
  durationMs,
});
export type RecoveryResult = z.infer<typeof recoveryResultSchema>;

import { z } from 'zod';
import { backupRefSchema } from './backup-ref';
import {
  fenceModeSchema,
  pitrPlanSchema,
  recoveryModeSchema,
  recoveryResultSchema,
  recoveryTargetSchema,
  walMethodSchema,
} from './recovery';
import { durationMs, time, timeline } from './values';

/** What is asked of a point-in-time recovery, complete. */
export const pitrRequestSchema = z.object({
  /** Names the recovery; sorts by time. */
  id: z.string(),
  target: recoveryTargetSchema,
  /**
   * Barman's id of the backup or the begin of it, if only one begins so; `latest`; or `auto`: the newest that ends before
   * the target on its branch.
   */
  backup: z.string(),
  /** Timeline that the target lies on: the cluster's, one that it has left, or an abandoned one that the archive holds. */
  targetTimeline: timeline,
  /** The member to recover on. Default: the first replica. */
  node: z.string().optional(),
  mode: recoveryModeSchema,
  /** What is stopped for it: the members (default), or etcd besides. */
  strategy: z.enum(['isolated-node', 'whole-cluster']).optional(),
  fence: fenceModeSchema,
  walMethod: walMethodSchema,
  /** Stop at the target, readable, before the promotion. */
  pause: z.boolean(),
  /** `latest` only: recover up to the first segment that is missing. */
  upToGap: z.boolean(),
  /** Keep every member's old data directory until it is removed by hand, and the way back with it. */
  keepOld: z.boolean(),
  /** How the other members come back. Absent: each by pg_rewind where its rules hold and it pays, else by a copy. */
  rejoin: z.enum(['copy', 'rewind']).optional(),
  /** Risks that are taken knowingly, by the code of the refusal that they stand for. */
  force: z.array(z.string()),
});
export type PitrRequest = z.infer<typeof pitrRequestSchema>;

/** One step of a recovery, as far as it has come. */
export const journalStepSchema = z.object({
  id: z.string(),
  state: z.enum(['begun', 'done', 'undone']),
  at: time,
  durationMs: durationMs.optional(),
  summary: z.string().optional(),
});
export type JournalStep = z.infer<typeof journalStepSchema>;

/**
 * Everything that another process needs in order to finish a recovery or to take it back. Written before each step and
 * after it, beside the data directory that is recovered: it is there when the process, its machine and the container are
 * gone.
 */
export const journalSchema = z.object({
  format: z.literal(1),
  /** Counts the versions of this journal. */
  version: z.number().int(),
  pgdrill: z.string(),
  scope: z.string(),
  startedAt: time,
  /** The process that is or was at it: `host/pid`. */
  owner: z.string(),
  /**
   * `running`: somebody is at it, or was killed. `waiting`: as far as was asked for; `--resume` goes on. `failed`: a step
   * failed. `done`, `rolled-back`: nothing is left to do.
   */
  state: z.enum(['running', 'rolling-back', 'waiting', 'failed', 'done', 'rolled-back']),
  /** Why it failed or what it waits for, in words. */
  why: z.string().optional(),
  request: pitrRequestSchema,
  plan: pitrPlanSchema,
  backup: backupRefSchema,
  steps: z.array(journalStepSchema).describe('steps that have begun, in the order of the plan'),
  result: recoveryResultSchema.partial(),
  /** Settings of the restored postgresql.auto.conf that are not about recovery. */
  ownSettings: z.record(z.string(), z.string()),
});
export type Journal = z.infer<typeof journalSchema>;

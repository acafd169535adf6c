import { z } from 'zod';
import { rescueResultSchema } from './rescue';
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
  undo: z.string().optional().describe('how it is taken back; absent where there is nothing to take back'),
});
export type PlannedStep = z.infer<typeof plannedStepSchema>;

/** How far a recovery goes by itself: `--target` alone, with `--restore`, with `--auto-start` (docs/recovery.md). */
export const recoveryModeSchema = z.enum(['files', 'apply', 'restore', 'cluster']);
export type RecoveryMode = z.infer<typeof recoveryModeSchema>;

/** When writes are refused: before the backup is touched, or at the cut-over, or not at all by this recovery. */
export const fenceModeSchema = z.enum(['now', 'cutover', 'none']);
export type FenceMode = z.infer<typeof fenceModeSchema>;

/** How the recovering server gets its WAL. */
export const walMethodSchema = z.enum(['barman-wal-restore', 'barman-get-wal']);
export type WalMethod = z.infer<typeof walMethodSchema>;

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
  // Absent in plans that were recorded before they were known.
  /** Names the recovery: its journal, and the directory that the old data is kept in. */
  id: z.string().optional(),
  mode: recoveryModeSchema.optional(),
  fence: fenceModeSchema.optional(),
  walMethod: walMethodSchema.optional(),
  /** Whether replay stops at the target, readable, until it is told to go on. */
  pause: z.boolean().optional(),
  /** The leader when the plan was made; the way back leads to it. */
  leader: z.string().optional(),
  /** The cluster's timeline when the plan was made: the one that is left. */
  clusterTimeline: timeline.optional(),
  /** bytes of a WAL segment */
  segmentSize: z.number().int().optional(),
  /** The number that the recovered timeline gets. */
  newTimeline: timeline.optional(),
  /** Where the data directory that the recovery replaces is kept. */
  keptDirectory: z.string().optional(),
  /**
   * `fetched`: `barman recover` copies no WAL, the recovering server fetches each segment itself. Where the archive has a
   * hole, for Barman wants to copy every segment that its catalogue names. Absent: `copied`.
   */
  walFrom: z.enum(['copied', 'fetched']).optional(),
  /** Whether receive-wal's unfinished segment, `.partial`, is part of the way: no leader is left to finish it. */
  usePartial: z.boolean().optional(),
  /** Whether segments that the archive lacks are taken from pg_wal of the data directory that is kept. */
  useKeptWal: z.boolean().optional(),
  /** `latest` up to a gap: where the first segment begins that is missing. What was committed from there on is given up. */
  endsAtGap: lsn.optional(),
  /**
   * Steps that lead on from where this mode ends to mode `cluster`, with the fence at the cut-over: for a person to type,
   * or for a resume that goes further.
   */
  remaining: z.array(plannedStepSchema).optional(),
});
/** A plan as it is recorded, by this version or an earlier one. */
export type RecoveryPlan = z.infer<typeof recoveryPlanSchema>;

/** A plan as this version makes it, and as a journal keeps it. */
export const pitrPlanSchema = recoveryPlanSchema.required({
  id: true,
  mode: true,
  fence: true,
  walMethod: true,
  pause: true,
  segmentSize: true,
  newTimeline: true,
  keptDirectory: true,
});
export type PitrPlan = z.infer<typeof pitrPlanSchema>;

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

/**
 * How far the old leader had written past the place where a failover left its timeline, and how far that may be by nature
 * under asynchronous replication: `maximumLag` and what it wrote in its last `ttl`.
 */
export const lossSchema = z.object({
  mode: z.enum(['synchronous', 'asynchronous']).describe('of replication, by synchronous_mode of Patroni'),
  oldLeader: z.string(),
  timeline: timeline.describe('that it led'),
  branchLsn: lsn.describe('where the new timeline left it'),
  lastLsn: lsn.optional().describe('end of what the old leader had written; absent where nobody could tell any more'),
  leftBytes: int64
    .optional()
    .describe('bytes of its records past branchLsn; what a switch of segments leaves empty is none of them'),
  maximumLag: int64.describe('bytes: maximum_lag_on_failover'),
  ttlMs: durationMs,
  writtenInTtl: int64.optional().describe('bytes of records that the old leader wrote in its last ttl'),
});
export type Loss = z.infer<typeof lossSchema>;

/** How a recovery went. */
export const recoveryResultSchema = z.object({
  strategy: z.string(),
  plan: recoveryPlanSchema.optional(),
  outcome: z.enum(['done', 'waiting', 'rolled-back', 'skipped', 'refused', 'failed']),
  code: z.string().optional(),
  node: z.string().optional(),
  /** The moment at which every member refused a write, and the last one of the old history. */
  fencedAt: time.optional(),
  fence: z.array(z.object({ member: z.string(), refused: z.string() })).optional(),
  /** When the recovery began, by the clock of the old leader; and its own commits there, of which nobody is to be told. */
  begunAt: time.optional(),
  tailXids: z.array(int64).optional(),
  /** PostgreSQL's own words about where replay stopped (server log). */
  stop: z.array(z.string()).optional(),
  /** What was found on the isolated node before it was made leader. */
  checkedThere: z.array(z.string()).optional(),
  /**
   * `none`: the recovery made no timeline of the cluster's, and its leader was never stopped; what it brought back was
   * written like anything else. `promoted`: nothing was recovered to a point in time, the history went on, by promotions if
   * by anything.
   */
  branch: z.enum(['none', 'promoted']).optional(),
  /** Of `promoted`: how many promotions there are to be, by Patroni or by an operator. */
  promotions: z.object({ least: z.number().int(), most: z.number().int() }).optional(),
  /** What a failover may have lost by its nature, where the drill asked for it and somebody was promoted. */
  loss: lossSchema.optional(),
  /** Patroni's ttl and loop_wait as the dynamic configuration had them: they bound how long nobody leads. */
  timing: z.object({ ttlMs: durationMs, loopWaitMs: durationMs }).optional(),
  /** What a recovery beside the cluster brought back. */
  rescue: rescueResultSchema.optional(),
  newTimeline: timeline.optional(),
  branchLsn: lsn.optional(),
  freshBackup: z.string().optional(),
  /**
   * Transactions committed on the old history after the place where replay stopped, which the recovery leaves out: until
   * it began (inherent to the target), and while it went on (none where writes were fenced first).
   */
  discarded: z.object({ before: z.number().int(), during: z.number().int() }).optional(),
  /** Own commits of the recovery on the new history, by xid: not counted as anybody's writes. */
  ownXids: z.array(int64).optional(),
  /** When the recovered node's Patroni was started: what is acknowledged from then on may be on the new history. */
  leadStartedAt: time.optional(),
  leaderSince: time.optional(),
  rejoinedAt: time.optional(),
  /** How each of the other members came back in the end, and why so: what was planned need not have worked. */
  rejoined: z.array(z.object({ member: z.string(), by: z.enum(['copy', 'rewind']), reason: z.string() })).optional(),
  /** Who led when writes were fenced: a cluster that went on until the cut-over may have elected another than the plan's. */
  oldLeader: z.string().optional(),
  /**
   * Members whose data the rejoin has begun to change, noted (and saved) before it touches each: what they held before is
   * gone unless it was put aside.
   */
  rejoinBegun: z.array(z.string()).optional(),
  /** What a rollback did. */
  rolledBack: z
    .object({
      leader: z.string().optional().describe('who leads again'),
      thrownAway: z.number().int().describe('transactions of the recovered leader that this gave up'),
      copied: z.array(z.string()).describe('members whose data had followed the recovered leader'),
      quarantine: z.string().optional().describe("folder of Barman's container with what the new branch had archived"),
      quarantined: z.number().int().describe('files in it'),
    })
    .optional(),
  /** What came back with the data and acts by itself: prepared transactions in doubt, subscriptions. */
  cameBack: z.array(z.string()).optional(),
  /** Roles whose password the recovery set anew: it came back as it was at the target, and Patroni has a later one. */
  passwordsSet: z.array(z.string()).optional(),
  /** Settings of the servers that it changed for good, by name. */
  settingsChanged: z.array(z.string()).optional(),
  /** Symptoms that the drill showed on the way, with the member that showed each. */
  symptoms: z.array(z.string()).optional(),
  /** Steps that a drill replaced or left out, by id: how live sabotages are made. */
  replacedSteps: z.array(z.string()).optional(),
  durationMs,
});
export type RecoveryResult = z.infer<typeof recoveryResultSchema>;

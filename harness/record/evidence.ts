import { z } from 'zod';
import { backupRefSchema } from './backup-ref';
import { baselineSchema, contentSchema } from './fingerprint';
import { incidentSchema } from './incident';
import { boundarySchema, recoveryResultSchema } from './recovery';
import { durationMs, fileReferenceSchema, int64, intervals, lsn, time, timeline } from './values';
import { expectationSchema } from './verdict';

/** A transaction's end in the WAL. */
export const walCommitSchema = z.object({ lsn, xid: int64, time, record: z.string() });
export type WalCommit = z.infer<typeof walCommitSchema>;

/**
 * What the ledger's writers sent and what they were told, by sequence number, in classes that depend on the boundary
 * and the fence only. What each member holds is with the member; checks put the two together.
 */
export const ledgerEvidenceSchema = z.object({
  writers: z.number().int(),
  sent: z.number().int(),
  acknowledged: z.number().int(),
  /** Acknowledged, committed in WAL order before the boundary: must be there. */
  before: intervals,
  /** Acknowledged, committed at or after the boundary, before the fence was proven: inherent in the target. */
  discardedBefore: intervals,
  /** Acknowledged on the old history after the fence was proven: limit 0. */
  discardedDuring: intervals,
  /** Acknowledged on the recovered leader: must be on every member. */
  resumed: intervals,
  /** Sent, no clean answer: either is right. */
  indeterminate: intervals,
  /** Acknowledged, but no commit record was found in the WAL at hand: order unknown. */
  unplaced: intervals,
  boundary: boundarySchema.optional(),
  /** Commits in WAL order around the boundary, so that the stop rule can be applied again. */
  around: z.array(walCommitSchema),
  lastAcknowledgedBeforeFence: time.optional(),
  lastRecovered: time.optional(),
  firstResumedAck: time.optional(),
  /** Commits of the boundary's microsecond: a time target cannot part them. */
  tiesAtBoundary: z.number().int().optional(),
  file: fileReferenceSchema.optional(),
});
export type LedgerEvidence = z.infer<typeof ledgerEvidenceSchema>;

export const memberEvidenceSchema = z.object({
  /** Why nothing else is here, when the member could not be asked. */
  unreachable: z.string().optional(),
  rest: z
    .object({
      status: z.number().int(),
      role: z.string(),
      state: z.string(),
      timeline: timeline.optional(),
      systemIdentifier: int64.optional(),
    })
    .optional(),
  inRecovery: z.boolean().optional(),
  systemIdentifier: int64.optional(),
  timeline: timeline.optional(),
  /** Where a standby receives from, as `pg_stat_wal_receiver` has it. */
  receiver: z.object({ status: z.string(), timeline: timeline, sender: z.string().optional() }).optional(),
  replayLsn: lsn.optional(),
  /** Text of the history file of the member's timeline. */
  history: z.string().optional(),
  /** Recovery targets with a non-empty value in `pg_settings`. */
  recoveryTargets: z.record(z.string(), z.string()).optional(),
  /** Sequence numbers of the ledger that the member holds. */
  ledger: intervals.optional(),
  /** Whether a row written after recovery was read here. */
  probe: z.object({ expected: z.string(), found: z.string() }).optional(),
  content: z.record(z.string(), contentSchema).optional(),
  databases: z.record(z.string(), z.object({ connects: z.boolean(), error: z.string().optional() })).optional(),
  integrity: z
    .object({
      checksums: z.boolean(),
      checksumFailures: z.number().int(),
      relationsRead: z.number().int(),
      unreadable: z.array(z.object({ database: z.string(), relation: z.string(), error: z.string() })),
      amcheck: z.object({ relations: z.number().int(), errors: z.array(z.string()) }),
      foreignKeys: z.object({ validated: z.number().int(), violated: z.array(z.string()) }).optional(),
      preparedTransactions: z.array(z.string()),
    })
    .optional(),
});
export type MemberEvidence = z.infer<typeof memberEvidenceSchema>;

export const dcsEvidenceSchema = z.object({
  leader: z.string().optional(),
  initialize: z.string().optional(),
  /** Every key under the scope that names a leader: more than one is a finding. */
  leaderKeys: z.array(z.string()),
  members: z.array(z.string()),
});
export type DcsEvidence = z.infer<typeof dcsEvidenceSchema>;

export const archiveEvidenceSchema = z.object({
  server: z.string(),
  segmentSize: z.number().int(),
  /** From the begin of the chosen backup to the last segment archived. */
  fromLsn: lsn,
  toLsn: lsn,
  segments: z.object({
    needed: z.number().int(),
    missing: z.array(z.string()),
    damaged: z.array(z.object({ segment: z.string(), error: z.string() })),
  }),
  histories: z.record(z.string(), z.string()).describe('text of each history file in the archive, by timeline'),
  missingHistories: z.array(z.number().int()),
  slot: z.object({ name: z.string(), present: z.boolean(), active: z.boolean(), restartLsn: lsn.optional() }),
  check: z.object({ passed: z.boolean(), failing: z.array(z.string()) }),
  freshBackup: backupRefSchema.optional(),
});
export type ArchiveEvidence = z.infer<typeof archiveEvidenceSchema>;

/** What one planned switchover after the recovery showed: whether it can be lost again without losing. */
export const switchoverEvidenceSchema = z.object({
  from: z.string(),
  to: z.string(),
  acknowledged: intervals.describe('acknowledged around the switchover'),
  missing: z.record(z.string(), intervals).describe('by member: acknowledged and not there'),
  durationMs,
});
export type SwitchoverEvidence = z.infer<typeof switchoverEvidenceSchema>;

export const clusterEvidenceSchema = z.object({
  scope: z.string(),
  systemIdentifier: int64.describe('as read at boot'),
  bootTimeline: timeline,
  /** History of the leader's timeline as it was before the accident. */
  historyBefore: z.string().optional(),
  databases: z.array(z.string()).describe('databases before the accident'),
  baseline: baselineSchema.optional(),
  backup: backupRefSchema.optional(),
  ledger: ledgerEvidenceSchema.optional(),
  dcs: dcsEvidenceSchema.optional(),
  archive: archiveEvidenceSchema.optional(),
  /** The parent timeline's first record at or after the branch point, read from the archive. */
  parentRecord: walCommitSchema.optional(),
  switchover: switchoverEvidenceSchema.optional(),
  members: z.record(z.string(), memberEvidenceSchema),
});
export type ClusterEvidence = z.infer<typeof clusterEvidenceSchema>;

export const episodeEvidenceSchema = z.object({
  expectation: expectationSchema,
  incident: incidentSchema.optional(),
  recovery: recoveryResultSchema.optional(),
  clusters: z.record(z.string(), clusterEvidenceSchema),
  rtoWritesMs: durationMs.optional(),
  rtoFullMs: durationMs.optional(),
});
export type EpisodeEvidence = z.infer<typeof episodeEvidenceSchema>;

/** Everything observed in one run, as plain data: a pure fold of its events. */
export const evidenceSchema = z.object({
  format: z.literal(1),
  run: z.object({
    id: z.string(),
    drill: z.string(),
    title: z.string(),
    seed: z.number().int(),
    stack: z.string(),
    pgdrill: z.string(),
    /** Names of checks beyond the standard ones, limits of objectives, in the drill's own words. */
    objectives: z.object({
      rtoWritesMs: durationMs.optional(),
      rtoFullMs: durationMs.optional(),
      lostWrites: z.number().int(),
    }),
  }),
  episodes: z.array(episodeEvidenceSchema),
  /** Where the run stopped early, if it did. */
  stopped: z
    .object({
      phase: z.string(),
      code: z.string(),
      what: z.string(),
      cure: z.string().optional(),
      interrupted: z.boolean(),
    })
    .optional(),
  /** Things that could not be read back, so that checks that need them are unverified. */
  unreadable: z.array(z.string()),
});
export type Evidence = z.infer<typeof evidenceSchema>;

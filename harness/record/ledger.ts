import { z } from 'zod';
import { boundarySchema } from './recovery';
import { durationMs, fileReferenceSchema, int64, intervals, lsn, time, timeline } from './values';

/**
 * What became of one transaction of the ledger on one member: the oracle's classes (docs/oracle.md, point 2). The ledger
 * says what was promised, the member's rows say what is there; the class is both together.
 */
export const ledgerClassSchema = z.enum([
  /** Acknowledged, before the boundary, there. */
  'recovered',
  /** Acknowledged, before the boundary, missing. */
  'lost',
  /** There, although the boundary leaves it out, or although nobody was told of it. */
  'phantom',
  /** Only some of the rows of one transaction are there, whatever its class would be. */
  'half',
  /** Sent, no clean answer: there or not, either is right. */
  'indeterminate',
  /** Acknowledged from the boundary on and before the fence: inherent in the target. Not there. */
  'discardedBefore',
  /** Acknowledged on the old history after the fence was proven. Not there. */
  'discardedDuring',
  /** Acknowledged on a branch that the target's history had left: lost by a failover, not by the recovery. Not there. */
  'abandoned',
  /** Acknowledged on the recovered leader, there. */
  'resumed',
  /** Acknowledged on the recovered leader, missing. */
  'resumedMissing',
  /** Acknowledged, but its commit record was not found: what must be is unknown. */
  'unplaced',
]);
export type LedgerClass = z.infer<typeof ledgerClassSchema>;

/** A transaction's end in the WAL. */
export const walCommitSchema = z.object({ lsn, xid: int64, time, record: z.string() });
export type WalCommit = z.infer<typeof walCommitSchema>;

/** The boundary and the commits around it, so that the stop rule can be applied again; read from the archive alone. */
export const walOrderSchema = z.object({
  boundary: boundarySchema.optional(),
  around: z.array(walCommitSchema),
  tiesAtBoundary: z.number().int().optional(),
  lastRecovered: time.optional(),
});
export type WalOrderEvidence = z.infer<typeof walOrderSchema>;

/** One term of a leader as the writers saw it: from its first acknowledgement on one timeline to its last. */
export const leaderTermSchema = z.object({
  member: z.string(),
  timeline,
  firstAcknowledgedAt: time,
  lastAcknowledgedAt: time,
  /** Latest moment at which an acknowledged write was sent: from then on it was certainly taken by this member. */
  lastSentAt: time,
  acknowledged: z.number().int(),
});
export type LeaderTerm = z.infer<typeof leaderTermSchema>;

/** What the drill itself put on the cluster and on the machine. */
export const ledgerLoadSchema = z.object({
  askedPerSecond: z.number(),
  /** Acknowledged, over the time in which the writers had a leader. */
  reachedPerSecond: z.number(),
  writingMs: durationMs.describe('time in which at least one writer had a session'),
  cpuMs: durationMs.describe('CPU time of the drill process meanwhile'),
  peakRssBytes: z.number().int(),
});
export type LedgerLoad = z.infer<typeof ledgerLoadSchema>;

/**
 * What the ledger's writers sent and what they were told, by transaction number, in classes that depend on the boundary,
 * the fence and the WAL only. What each member holds is with the member; checks put the two together.
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
  /** Acknowledged on a timeline past the place where the target's history left it. */
  abandoned: intervals.optional(),
  /** Acknowledged on the recovered leader: must be on every member. */
  resumed: intervals,
  /** Sent, no clean answer: either is right. */
  indeterminate: intervals,
  /** Acknowledged, but no commit record was found in the WAL at hand: order unknown. */
  unplaced: intervals,
  /** Transactions of more than one row, whatever their class. */
  multiRow: intervals.optional(),
  boundary: boundarySchema.optional(),
  /** Commits in WAL order around the boundary, so that the stop rule can be applied again. */
  around: z.array(walCommitSchema),
  lastAcknowledgedBeforeFence: time.optional(),
  lastRecovered: time.optional(),
  firstResumedAck: time.optional(),
  /** Commits of the boundary's microsecond: a time target cannot part them. */
  tiesAtBoundary: z.number().int().optional(),
  /** The timelines of the path that were read, each with the part of it that counts. */
  placedOn: z.array(z.object({ timeline, commits: z.number().int(), untilLsn: lsn.optional() })).optional(),
  terms: z.array(leaderTermSchema).optional(),
  load: ledgerLoadSchema.optional(),
  file: fileReferenceSchema.optional(),
});
export type LedgerEvidence = z.infer<typeof ledgerEvidenceSchema>;

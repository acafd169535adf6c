import { z } from 'zod';
import { int64, lsn, time, timeline } from './values';

/** A moment on the leader, in the three ways a recovery target can name it. */
export const momentSchema = z.object({ time, lsn, xid: int64, timeline });
export type Moment = z.infer<typeof momentSchema>;

/**
 * One committed row of the drill's own, with its commit as the WAL has it. Marks lie on either side of a target: which of
 * them must be there afterwards is told by the order of the WAL, and which are there by their rows.
 */
export const markSchema = z.object({
  name: z.string().describe("the drill's name for it"),
  row: z.string().describe("the row's key; the name, where the drill made one row only"),
  lsn: lsn.describe('start of the commit record'),
  xid: int64,
  time: time.describe("the commit record's own time"),
});
export type Mark = z.infer<typeof markSchema>;

/** Where marks lie: beside the ledger, for the dataset's own databases are compared as a whole. */
export const markTable = { database: 'ledger', table: 'public.mark' } as const;

/** What shows that an accident took effect. */
export const proofSchema = z.object({
  took: z.boolean().describe('whether the accident took effect'),
  expected: z.string(),
  found: z.string(),
});

/** One accident that struck, with the proof that it took effect. */
export const incidentSchema = z.object({
  accident: z.string(),
  title: z.string(),
  member: z.string().describe('the member it struck, or the one it went through'),
  /** Who led when it struck. */
  leader: z.string().optional(),
  before: momentSchema.describe('the last moment before the accident'),
  struckAt: time,
  /** Of what goes on for a while: when the last of it was over. */
  struckUntil: time.optional(),
  /** xid of the transaction that did the damage, where there is one. */
  xid: int64.optional(),
  proof: proofSchema,
  /** What it was done with. */
  options: z.record(z.string(), z.unknown()).optional(),
  /** Rows that the drill committed around the accident, in the order in which they were committed. */
  marks: z.array(markSchema).optional(),
  /** What else was noted around it that a target needs: an xid, an LSN, a restore point's name; by a name of its own. */
  noted: z.record(z.string(), z.string()).optional(),
});
export type Incident = z.infer<typeof incidentSchema>;

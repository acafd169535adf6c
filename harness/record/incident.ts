import { z } from 'zod';
import { int64, lsn, time, timeline } from './values';

/** A moment on the leader, in the three ways a recovery target can name it. */
export const momentSchema = z.object({ time, lsn, xid: int64, timeline });
export type Moment = z.infer<typeof momentSchema>;

/** One accident that struck, with the proof that it took effect. */
export const incidentSchema = z.object({
  accident: z.string(),
  title: z.string(),
  member: z.string().describe('the member it struck, or the one it went through'),
  before: momentSchema.describe('the last moment before the accident'),
  struckAt: time,
  /** xid of the transaction that did the damage, where there is one. */
  xid: int64.optional(),
  proof: z.object({
    took: z.boolean().describe('whether the accident took effect'),
    expected: z.string(),
    found: z.string(),
  }),
});
export type Incident = z.infer<typeof incidentSchema>;

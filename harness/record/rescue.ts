import { z } from 'zod';
import { int64, lsn, time, timeline } from './values';

/** How rows that come back meet those that are there (docs/recovery.md, "Surgical rescue"). */
export const rescueIntoSchema = z.enum(['keep', 'merge', 'replace', 'new-table']);
export type RescueInto = z.infer<typeof rescueIntoSchema>;

/** Rows and the sum of their digests: the same on two servers, the rows are the same. */
export const rowsDigestSchema = z.object({ rows: int64, sum: z.string() });
export type RowsDigest = z.infer<typeof rowsDigestSchema>;

/** What a surgical rescue brought back, and how that was seen. The cluster made no timeline of its own for it. */
export const rescueResultSchema = z.object({
  database: z.string(),
  table: z.string().describe('the table the rows are of, `schema.table`'),
  /** Where they were put, when that is another table. */
  newTable: z.string().optional(),
  where: z.string().optional().describe('the predicate that chose rows; all of them without one'),
  into: rescueIntoSchema,
  /** Whether the table was made anew, for it was not there. */
  created: z.boolean(),
  chosen: int64.describe('rows at the target that the predicate chose'),
  inserted: int64,
  updated: int64,
  removed: int64,
  left: int64.describe('rows that are otherwise than at the target, and stay so (keep)'),
  committedAt: time,
  commitLsn: lsn,
  /** Of the rows that had to be as at the target: on the server aside, and on the leader right before the commit. */
  digest: z.object({ aside: rowsDigestSchema, leader: rowsDigestSchema }),
  /** The same rows on every member once it had replayed the commit. */
  members: z.array(z.object({ member: z.string(), digest: rowsDigestSchema, same: z.boolean() })),
  /** The server aside: the timeline that it made for itself, which nobody archives, and where. */
  aside: z.object({ timeline, history: z.string(), branchLsn: lsn.optional() }),
});
export type RescueResult = z.infer<typeof rescueResultSchema>;

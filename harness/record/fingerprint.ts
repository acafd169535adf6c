import { z } from 'zod';
import { int64 } from './values';

const sum128 = z.string().regex(/^\d+$/);

/**
 * What a table holds, free of order: row count and the sum modulo 2^128 of the rows' digests (XOR would lose pairs of
 * duplicates), and the same per bucket of the key, so that a difference can be narrowed to rows.
 */
export const fingerprintSchema = z.object({
  rows: int64,
  sum: sum128,
  buckets: z.record(z.string(), z.object({ rows: int64, sum: sum128 })).optional(),
});
export type Fingerprint = z.infer<typeof fingerprintSchema>;

/** The content of one database. Table names are `schema.table`. */
export const contentSchema = z.object({
  tables: z.record(z.string(), fingerprintSchema),
  sequences: z.record(z.string(), z.object({ lastValue: int64, behindColumn: z.boolean() })),
  /** sha256 over the catalogue's description of columns, constraints, indexes (not `pg_dump -s`: it prints a random token). */
  schema: z.string(),
});
export type Content = z.infer<typeof contentSchema>;

/** What was there before the accident, by database. */
export const baselineSchema = z.object({ databases: z.record(z.string(), contentSchema), takenOn: z.string() });
export type Baseline = z.infer<typeof baselineSchema>;

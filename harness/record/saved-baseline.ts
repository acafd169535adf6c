import { z } from 'zod';
import { baselineOriginSchema, baselineSchema, globalsSchema } from './fingerprint';

/**
 * The file of `pgdrill baseline`: what a cluster held at one moment, to be compared with what a recovery brings back. Sums
 * of digests, names and counts; no password and no digest of one. Beside it lie digests of the rows of small tables, with
 * their keys, so that a difference can be told row by row.
 */
export const savedBaselineSchema = z.object({
  format: z.literal(1),
  kind: z.literal('pgdrill-baseline'),
  scope: z.string(),
  origin: baselineOriginSchema,
  baseline: baselineSchema,
  globals: globalsSchema,
  /** Mixed into the digests of settings. */
  key: z.string(),
  /** The catalogue's lines by database. */
  schemaLines: z.record(z.string(), z.array(z.string())),
  rows: z.object({
    file: z.string().describe('beside this file'),
    bytes: z.number().int(),
    sha256: z.string(),
    /** Tables with more rows have none there. */
    limit: z.number().int(),
    places: z.record(z.string(), z.object({ start: z.number().int(), end: z.number().int() })),
  }),
});
export type SavedBaseline = z.infer<typeof savedBaselineSchema>;

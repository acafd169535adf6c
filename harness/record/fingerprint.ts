import { z } from 'zod';
import { int64, lsn, time, timeline } from './values';

const sum128 = z.string().regex(/^\d+$/);

/**
 * What a table holds, free of order: row count and the sum modulo 2^128 of the rows' digests (XOR would lose pairs of
 * duplicates), and the same per bucket, so that a difference can be narrowed to rows.
 */
export const fingerprintSchema = z.object({
  rows: int64,
  sum: sum128,
  buckets: z.record(z.string(), z.object({ rows: int64, sum: sum128 })).optional(),
  /** How a row's digest is made; two fingerprints of different methods cannot be compared. None: the first method. */
  method: z.string().optional(),
  /** Rows are counted all, digests are of one key in this many: such a table is compared in part. */
  sampledOneIn: z.number().int().optional(),
});
export type Fingerprint = z.infer<typeof fingerprintSchema>;

/** The content of one database. Table names are `schema.table`. */
export const contentSchema = z.object({
  tables: z.record(z.string(), fingerprintSchema),
  sequences: z.record(
    z.string(),
    z.object({
      lastValue: int64,
      behindColumn: z.boolean(),
      /** Whether `lastValue` has been given out; before its first use a sequence gives out that value itself. */
      called: z.boolean().optional(),
      /** It counts down, so that ahead is below; it starts again, so that ahead may be anywhere. */
      descending: z.boolean().optional(),
      cycles: z.boolean().optional(),
    }),
  ),
  /** sha256 over the catalogue's lines about every object (not `pg_dump -s`: it prints a random token). */
  schema: z.string(),
  /** Version by name. */
  extensions: z.record(z.string(), z.string()).optional(),
  largeObjects: fingerprintSchema.optional(),
  /** Rows of each unlogged table and sequence; why not, where they cannot be read (on a standby they never can). */
  unlogged: z.record(z.string(), z.object({ rows: int64.optional(), unreadable: z.string().optional() })).optional(),
});
export type Content = z.infer<typeof contentSchema>;

/**
 * What belongs to the whole server and not to a database. Roles and tablespaces as digests of what the catalogue says of
 * them: attributes, memberships, settings and whether the password is the same, never the password or its hash.
 */
export const globalsSchema = z.object({
  roles: z.record(z.string(), z.string()),
  tablespaces: z.record(z.string(), z.string()),
  /** Settings of databases and roles (`ALTER DATABASE … SET`), as a digest by `database/role`. */
  settings: z.record(z.string(), z.string()),
  /** Owner, encoding, locale, limits and rights of each database. */
  databases: z.record(z.string(), z.string()).optional(),
});
export type Globals = z.infer<typeof globalsSchema>;

/** What was there before the accident, by database. */
export const baselineSchema = z.object({ databases: z.record(z.string(), contentSchema), takenOn: z.string() });
export type Baseline = z.infer<typeof baselineSchema>;

/** Where and when a baseline was taken that came in a file (`pgdrill baseline`). */
export const baselineOriginSchema = z.object({
  pgdrill: z.string(),
  systemIdentifier: int64,
  takenAt: time,
  lsn,
  timeline,
  /** How rows were digested. */
  methods: z.array(z.string()),
});
export type BaselineOrigin = z.infer<typeof baselineOriginSchema>;

import { z } from 'zod';
import { int64 } from './values';

/** One row that is not as it was. `key` is the primary key's text, or the row's own where a table has none. */
export const differingRowSchema = z.object({
  key: z.string(),
  how: z.enum(['missing', 'added', 'changed']),
  /** How many rows like it, where more than one. */
  times: z.number().int().optional(),
  /** The row as it is now, cut to a length that can be read; none where it is missing. */
  now: z.string().optional(),
});
export type DifferingRow = z.infer<typeof differingRowSchema>;

/** How a table that differs was narrowed to rows, on one member. */
export const narrowedTableSchema = z.object({
  database: z.string(),
  table: z.string(),
  /** With what it was compared: digests of every row kept at the baseline, or the same table on another member. */
  against: z.string(),
  /** How many rows differ in all; none when that could not be told. */
  differing: int64.optional(),
  /** The first of them by key. */
  rows: z.array(differingRowSchema),
  /** Why it could not be narrowed further, where it could not. */
  limit: z.string().optional(),
});
export type NarrowedTable = z.infer<typeof narrowedTableSchema>;

/** An object of the schema that is not as it was: the catalogue's own description, before and now. */
export const narrowedSchemaSchema = z.object({
  database: z.string(),
  lines: z.array(z.object({ how: z.enum(['missing', 'added']), line: z.string() })),
  differing: z.number().int(),
});
export type NarrowedSchema = z.infer<typeof narrowedSchemaSchema>;

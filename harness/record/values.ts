import { z } from 'zod';

/** LSN as PostgreSQL prints it: `0/3000148`. */
export const lsn = z.string().regex(/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/i);
/** A 64-bit number (full transaction id, system identifier, count) as text. */
export const int64 = z.string().regex(/^-?\d+$/);
/** Time as text with zone and microseconds. */
export const time = z.string().min(20);
/** A set of sequence numbers as text: `1-5000,5002` (see formats/intervals). */
export const intervals = z.string();
export const timeline = z.number().int().positive();
export const durationMs = z.number().nonnegative();

/** Bulk that lies beside the events. */
export const fileReferenceSchema = z.object({ file: z.string(), bytes: z.number().int(), sha256: z.string() });
export type FileReference = z.infer<typeof fileReferenceSchema>;

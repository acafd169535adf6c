import { z } from 'zod';

/** `ok`, `failed`; `unverified`: the evidence is not there; `not-applicable`: listed by name, never silently passed. */
export const findingStatusSchema = z.enum(['ok', 'failed', 'unverified', 'not-applicable']);
export type FindingStatus = z.infer<typeof findingStatusSchema>;

/** One thing that a check found, on one place. */
export const findingSchema = z.object({
  check: z.string(),
  status: findingStatusSchema,
  episode: z.number().int(),
  cluster: z.string().optional(),
  member: z.string().optional(),
  expected: z.string(),
  found: z.string(),
  /** More to see: the first differing rows, log lines, the command to look for oneself. */
  detail: z.array(z.string()).optional(),
});
export type Finding = z.infer<typeof findingSchema>;

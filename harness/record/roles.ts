import { z } from 'zod';
import { time, timeline } from './values';

/** What the watcher of roles saw: etcd's leader key as it changed, and what Patroni said of itself, changes only. */
export const rolesEvidenceSchema = z.object({
  /** From when to when it watched. */
  from: time,
  to: time,
  /** The leader key, by etcd's watch; no member while the key was not there. */
  leaderKey: z.array(z.object({ at: time, member: z.string().optional(), revision: z.string().optional() })),
  /** Patroni's REST API, polled: a hint, never a proof. `none` while it did not answer. */
  rest: z.array(z.object({ at: time, member: z.string(), role: z.string(), timeline: timeline.optional() })),
  /** Times in which etcd could not be watched, each with the reason. */
  gaps: z.array(z.object({ from: time, to: time.optional(), why: z.string() })),
});
export type RolesEvidence = z.infer<typeof rolesEvidenceSchema>;

import { z } from 'zod';
import { time, timeline } from './values';

/** What the watcher of roles saw: etcd's leader key as it changed, and what Patroni said of itself, changes only. */
export const rolesEvidenceSchema = z.object({
  /** From when to when it watched. */
  from: time,
  to: time,
  /**
   * The leader key, by etcd's watch, as it was at the begin and as it changed; no member while the key was not there.
   * `at` is when it was told. `notBefore`: told only after a gap, so it happened at some time from then to `at`.
   */
  leaderKey: z.array(
    z.object({ at: time, member: z.string().optional(), revision: z.string().optional(), notBefore: time.optional() }),
  ),
  /** Patroni's REST API, polled: a hint, never a proof. `none` while it did not answer. */
  rest: z.array(z.object({ at: time, member: z.string(), role: z.string(), timeline: timeline.optional() })),
  /** Times in which etcd could not be watched, each with the reason. */
  gaps: z.array(z.object({ from: time, to: time.optional(), why: z.string() })),
  /** How many entries of each list were left out of its middle, so that a cluster that flaps leaves a record to be read. */
  omitted: z.object({ leaderKey: z.number().int(), rest: z.number().int(), gaps: z.number().int() }).optional(),
});
export type RolesEvidence = z.infer<typeof rolesEvidenceSchema>;

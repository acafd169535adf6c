import { z } from 'zod';
import { findingSchema, findingStatusSchema } from './finding';
import { outcomeSchema } from './outcome';
import { durationMs } from './values';

/** What a drill expects of its episode. */
export const expectationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('recovered') }),
  z.object({ kind: z.literal('refused'), code: z.string() }),
  z.object({
    kind: z.literal('verdict'),
    outcome: outcomeSchema,
    by: z.array(z.string()),
    /** Of a failed verdict: the checks that are unverified beside it, exactly these; any may be where it is not given. */
    unverified: z.array(z.string()).optional(),
  }),
  /** Of a recovery that lacks something: failed, by whatever check, or because it did not come to its end. */
  z.object({ kind: z.literal('red') }),
]);
export type Expectation = z.infer<typeof expectationSchema>;

/**
 * What a recovery can be held against. `ledger`, and where nothing is said: writers of pgdrill's own, an accident with its
 * proof, a baseline. `without-ledger`: a recovery of a cluster that pgdrill did not load (docs/oracle.md, "Without a
 * ledger"); checks that need what is not there do not apply, and the verdict says what it did not see.
 */
export const verificationSchema = z.enum(['ledger', 'without-ledger']);
export type Verification = z.infer<typeof verificationSchema>;

/** One check's result: the worst of its findings. */
export const checkResultSchema = z.object({
  check: z.string(),
  version: z.number().int(),
  title: z.string(),
  oracle: z.number().int().describe('the point of docs/oracle.md that it proves'),
  status: findingStatusSchema,
  findings: z.array(findingSchema),
});
export type CheckResult = z.infer<typeof checkResultSchema>;

export const figuresSchema = z.object({
  rtoWritesMs: durationMs.optional(),
  rtoFullMs: durationMs.optional(),
  /** Longest time without an acknowledged write from the accident on. */
  silenceMs: durationMs.optional(),
  /** Patroni's ttl and loop_wait, which bound it. */
  ttlMs: durationMs.optional(),
  loopWaitMs: durationMs.optional(),
  /** Last acknowledged commit before the fence minus last recovered commit. */
  rpoMs: durationMs.optional(),
  acknowledged: z.number().int().optional(),
  recovered: z.number().int().optional(),
  lost: z.number().int().optional(),
  phantom: z.number().int().optional(),
  /** Transactions of which only some rows came back; left out where there are none. */
  half: z.number().int().optional(),
  /** Acknowledged on a branch that a failover left; left out where there are none and it was not measured. */
  abandoned: z.number().int().optional(),
  /** Bytes of WAL that the old leader had written past the place where a failover left it, and how many it may at most. */
  lossBytes: z.number().int().optional(),
  lossBoundBytes: z.number().int().optional(),
  indeterminate: z.number().int().optional(),
  discardedBefore: z.number().int().optional(),
  discardedDuring: z.number().int().optional(),
  resumed: z.number().int().optional(),
});
export type Figures = z.infer<typeof figuresSchema>;

/** The verdict of one run: the same bytes for the same evidence and the same version of pgdrill. */
export const verdictSchema = z.object({
  format: z.literal(1),
  pgdrill: z.string(),
  run: z.string(),
  drill: z.string(),
  title: z.string(),
  seed: z.number().int(),
  stack: z.string(),
  outcome: outcomeSchema,
  interrupted: z.boolean().optional(),
  /** Why a run is not-run, unverified or skipped, or what was thrown. */
  code: z.string().optional(),
  reason: z.string().optional(),
  cure: z.string().optional(),
  /** For a drill that expects a red verdict: what the checks said by themselves. */
  expected: z
    .object({ expectation: expectationSchema, met: z.boolean(), checksSaid: outcomeSchema, red: z.array(z.string()) })
    .optional(),
  checks: z.array(checkResultSchema),
  /** What this version of pgdrill does not look at yet, by name: not covered by the outcome. */
  notCovered: z.array(z.string()),
  figures: figuresSchema,
});
export type Verdict = z.infer<typeof verdictSchema>;

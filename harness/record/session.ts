import { z } from 'zod';
import { outcomeSchema } from './outcome';
import { durationMs, time } from './values';
import { verdictSchema } from './verdict';

/** One phase of a run as it ended: what a report lists above the checks. */
export const sessionPhaseSchema = z.object({
  phase: z.string(),
  title: z.string(),
  /** `cut`: the run's process ended inside it. */
  outcome: z.enum(['done', 'failed', 'cut']),
  durationMs,
  summary: z.string().optional(),
});
export type SessionPhase = z.infer<typeof sessionPhaseSchema>;

/** One run of a session. */
export const sessionRunSchema = z.object({
  run: z.string(),
  drill: z.string(),
  title: z.string(),
  seed: z.number().int(),
  started: time,
  durationMs,
  outcome: outcomeSchema,
  interrupted: z.boolean(),
  exitCode: z.number().int(),
  /** The run's folder, relative to the session's. */
  dir: z.string(),
  /** Why the run stopped early: the first error it reported, or how its process ended. */
  stopped: z
    .object({
      phase: z.string().optional(),
      code: z.string(),
      what: z.string(),
      cure: z.string().optional(),
      cause: z.string().optional(),
    })
    .optional(),
  phases: z.array(sessionPhaseSchema),
  warnings: z.array(z.string()),
  /** What could not be removed at the end. */
  leftovers: z.array(z.string()),
  /** Absent when the run's process ended before it could judge. */
  verdict: verdictSchema.optional(),
});
export type SessionRun = z.infer<typeof sessionRunSchema>;

/** A drill that expects a refusal is passed, and the phase that was refused with it. */
export function stoppedAsExpected(run: Pick<SessionRun, 'outcome'>, phase: SessionPhase): boolean {
  return run.outcome === 'passed' && phase.outcome === 'failed';
}

/** One invocation of the command: `session.json`, and what junit.xml and summary.md are rendered from. */
export const sessionRecordSchema = z.object({
  format: z.literal(1),
  session: z.string(),
  pgdrill: z.string(),
  node: z.string(),
  started: time,
  durationMs,
  /** The command's own, redacted. */
  arguments: z.array(z.string()),
  runs: z.array(sessionRunSchema),
  /** Ids of drills that were chosen and never started: --fail-fast, or an interrupt. */
  notStarted: z.array(z.string()),
  exitCode: z.number().int(),
});
export type SessionRecord = z.infer<typeof sessionRecordSchema>;

import { z } from 'zod';
import { backupRefSchema } from './backup-ref';
import { detectionCellSchema } from './detection';
import { clusterEvidenceSchema, evidenceSecretsSchema, memberEvidenceSchema } from './evidence';
import { incidentSchema } from './incident';
import { recoveryPlanSchema, recoveryResultSchema } from './recovery';
import { durationMs, fileReferenceSchema, time } from './values';
import { expectationSchema, verdictSchema, verificationSchema } from './verdict';
import { findingSchema } from './finding';

const place = { episode: z.number().int(), cluster: z.string() };

/** First line of every events.jsonl: what a later reader needs to understand the rest. */
const runStarted = z.object({
  kind: z.literal('run-started'),
  format: z.literal(1),
  pgdrill: z.string(),
  node: z.string(),
  run: z.string(),
  session: z.string(),
  drill: z.string(),
  title: z.string(),
  file: z.string().optional(),
  stack: z.string(),
  dataset: z.string(),
  seed: z.number().int(),
  arguments: z.array(z.string()),
  objectives: z.object({
    rtoWritesMs: durationMs.optional(),
    rtoFullMs: durationMs.optional(),
    lostWrites: z.number().int(),
  }),
  phases: z.array(z.string()).describe('ids of the phases to come, in order'),
});
const phaseStarted = z.object({ kind: z.literal('phase-started'), phase: z.string(), title: z.string() });
const phaseEnded = z.object({
  kind: z.literal('phase-ended'),
  phase: z.string(),
  title: z.string(),
  outcome: z.enum(['done', 'failed']),
  durationMs,
  summary: z.string().optional().describe('one line of what was found or made'),
});
const note = z.object({ kind: z.literal('note'), text: z.string() });
const warning = z.object({ kind: z.literal('warning'), text: z.string() });
const error = z.object({
  kind: z.literal('error'),
  phase: z.string(),
  code: z.string(),
  what: z.string(),
  cure: z.string().optional(),
  cause: z.string().optional(),
  interrupted: z.boolean(),
});
const episodeStarted = z.object({
  kind: z.literal('episode-started'),
  episode: z.number().int(),
  expectation: expectationSchema,
  twoWritersDeclared: z.boolean().optional(),
  verification: verificationSchema.optional(),
});
/** A piece of evidence about a cluster; pieces are merged key by key, a later one replaces an earlier one. */
const observed = z.object({
  kind: z.literal('observed'),
  ...place,
  value: clusterEvidenceSchema.omit({ members: true }).partial(),
});
const memberObserved = z.object({
  kind: z.literal('member-observed'),
  ...place,
  member: z.string(),
  value: memberEvidenceSchema,
});
const backupMade = z.object({ kind: z.literal('backup-made'), ...place, backup: backupRefSchema });
const incident = z.object({ kind: z.literal('incident'), episode: z.number().int(), incident: incidentSchema });
const recoveryPlanned = z.object({
  kind: z.literal('recovery-planned'),
  episode: z.number().int(),
  plan: recoveryPlanSchema,
});
const stepStarted = z.object({
  kind: z.literal('step-started'),
  episode: z.number().int(),
  step: z.string(),
  title: z.string(),
});
const stepEnded = z.object({
  kind: z.literal('step-ended'),
  episode: z.number().int(),
  step: z.string(),
  title: z.string(),
  outcome: z.enum(['done', 'failed']),
  durationMs,
  summary: z.string().optional(),
});
const recovered = z.object({ kind: z.literal('recovered'), episode: z.number().int(), recovery: recoveryResultSchema });
const measured = z.object({
  kind: z.literal('measured'),
  episode: z.number().int(),
  rtoWritesMs: durationMs.optional(),
  rtoFullMs: durationMs.optional(),
  /** Longest time without an acknowledged write from the accident on. */
  silenceMs: durationMs.optional(),
});
/** What `pgdrill detect` is about to ask, and of whom; a fault's place in the list is the number of its episode. */
const detectionBegun = z.object({
  kind: z.literal('detection-begun'),
  faults: z.array(z.object({ fault: z.string(), title: z.string() })),
  detectors: z.array(z.object({ detector: z.string(), head: z.string(), title: z.string() })),
  versions: z.record(z.string(), z.string()),
});
const detected = z.object({
  kind: z.literal('detected'),
  episode: z.number().int(),
  fault: z.string(),
  detector: z.string(),
  cell: detectionCellSchema,
});
const secretsSearched = z.object({ kind: z.literal('secrets-searched'), value: evidenceSecretsSchema });
const file = z.object({ kind: z.literal('file'), what: z.string(), reference: fileReferenceSchema });
const finding = z.object({ kind: z.literal('finding'), finding: findingSchema });
const verdict = z.object({ kind: z.literal('verdict'), verdict: verdictSchema });
const runEnded = z.object({ kind: z.literal('run-ended'), durationMs, leftovers: z.array(z.string()) });

/** What can happen in a run. An unknown kind is kept and makes the checks that need it unverified, not a crash. */
export const eventBodySchema = z.discriminatedUnion('kind', [
  runStarted,
  phaseStarted,
  phaseEnded,
  note,
  warning,
  error,
  episodeStarted,
  observed,
  memberObserved,
  backupMade,
  incident,
  recoveryPlanned,
  stepStarted,
  stepEnded,
  recovered,
  measured,
  detectionBegun,
  detected,
  secretsSearched,
  file,
  finding,
  verdict,
  runEnded,
]);
export type EventBody = z.infer<typeof eventBodySchema>;
export type RunEvent = EventBody & { seq: number; at: string };
export type EventOf<K extends EventBody['kind']> = Extract<RunEvent, { kind: K }>;
export const eventEnvelopeSchema = z.object({ seq: z.number().int(), at: time, kind: z.string() });

import { describeError, PgdrillError } from '../record/errors';
import type { Run } from '../run/run';

/** A phase of a run, as it is shown and recorded. Ids decide the outcome where one fails (docs/architecture.md). */
export const phaseTitles = {
  machine: 'machine looked at',
  images: 'images ready',
  boot: 'cluster booted',
  load: 'dataset loaded',
  ledger: 'ledger writers at work',
  backup: 'base backup made',
  before: 'made ready for the accident',
  accident: 'accident struck',
  recover: 'recovered',
  switchover: 'switched over once',
  spoil: 'spoiled on purpose',
  observe: 'evidence gathered',
  aside: 'fresh backup restored aside',
} as const;

/** Phases of `pgdrill detect` beside those of its stage. */
export const detectTitles = {
  sound: 'detectors quiet',
  detect: 'detectors asked',
} as const;
export type PhaseId = keyof typeof phaseTitles | keyof typeof detectTitles;

/** Thrown once a phase has failed and the failure is recorded: nothing is left to say, the run only has to end. */
export class PhaseFailed extends Error {}

/**
 * Runs one phase and records how it went. The work returns one line of what was found or made.
 * @throws PhaseFailed
 */
export async function phase(run: Run, id: PhaseId, work: () => Promise<string>): Promise<void> {
  const { recorder } = run;
  const title = { ...phaseTitles, ...detectTitles }[id];
  const started = performance.now();
  const took = () => Math.round(performance.now() - started);
  recorder.record({ kind: 'phase-started', phase: id, title });
  try {
    const summary = await work();
    recorder.record({ kind: 'phase-ended', phase: id, title, outcome: 'done', durationMs: took(), summary });
  } catch (thrown) {
    // What ended the run as a whole (an interrupt, a dead engine) explains better than what it broke on its way.
    const reason: unknown = run.signal.aborted ? run.signal.reason : thrown;
    const error = describeError(reason instanceof PgdrillError ? reason : thrown);
    if (error.code === 'PGDRILL_UNEXPECTED') console.error(thrown);
    recorder.record({ kind: 'phase-ended', phase: id, title, outcome: 'failed', durationMs: took() });
    recorder.record({ kind: 'error', phase: id, ...error, interrupted: error.code === 'PGDRILL_INTERRUPTED' });
    throw new PhaseFailed(error.what, { cause: thrown });
  }
}

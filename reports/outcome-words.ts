import type { FindingStatus } from '../harness/record/finding';
import type { Outcome } from '../harness/record/outcome';

/** The outcome as a headline has it. */
export function outcomeWord(outcome: Outcome, interrupted = false): string {
  const words: Record<Outcome, string> = {
    passed: 'PASSED',
    failed: 'FAILED',
    unverified: 'UNVERIFIED',
    'not-run': 'NOT RUN',
    skipped: 'SKIPPED',
  };
  return interrupted ? `${words[outcome]} (interrupted)` : words[outcome];
}

/** The sign before a check's name. */
export const statusSigns: Record<FindingStatus, string> = {
  ok: '✓',
  failed: '✗',
  unverified: '?',
  'not-applicable': '–',
};

import { expectedDetections } from '../../observe/detectors/expected';
import { foldDetection, judgeRow, wasAsked } from '../../record/detection';
import { PgdrillError } from '../../record/errors';
import type { EventOf, RunEvent } from '../../record/events';
import type { Finding, FindingStatus } from '../../record/finding';
import type { CheckResult, Verdict } from '../../record/verdict';
import { packageVersion } from '../../run/package';

const CHECK = 'detection';
const worstFirst: readonly FindingStatus[] = ['failed', 'unverified', 'ok'];

/** Whether events are those of a run of `pgdrill detect`. */
export function isDetection(events: readonly RunEvent[]): boolean {
  return events.some(({ kind }) => kind === 'detection-begun');
}

/**
 * The verdict of a run of `pgdrill detect`, from its events alone: passed when every fault that it came to was noticed by
 * exactly those that docs/detection.md names.
 * @throws PGDRILL_EVIDENCE_UNREADABLE
 */
export function detectVerdict(events: readonly RunEvent[]): Verdict {
  const started = events.find((event): event is EventOf<'run-started'> => event.kind === 'run-started');
  if (!started) {
    throw new PgdrillError(
      'PGDRILL_EVIDENCE_UNREADABLE',
      'the events do not begin with a run that started',
      'give the folder of a run, which holds an events.jsonl written by pgdrill',
    );
  }
  const error = events.find((event): event is EventOf<'error'> => event.kind === 'error');
  const { run, drill, title, seed, stack } = started;
  const check = detectionCheck(events);
  return {
    format: 1,
    pgdrill: packageVersion(),
    run,
    drill,
    title,
    seed,
    stack,
    ...outcomeOf(check, error),
    checks: [check],
    notCovered: [],
    figures: {},
  };
}

function detectionCheck(events: readonly RunEvent[]): CheckResult {
  const faults = events.find((event) => event.kind === 'detection-begun')?.faults ?? [];
  const rows = (foldDetection([events])?.rows ?? []).filter((row) => wasAsked(row) || said(events, row.fault));
  const findings = rows.map((row): Finding => {
    const { status, expected, found } = judgeRow(row, expectedDetections[row.fault]);
    const episode = faults.findIndex(({ fault }) => fault === row.fault);
    return {
      check: CHECK,
      status,
      episode,
      expected: `${row.fault}: ${expected}`,
      found: `${row.fault}: ${found}`,
      ...(row.on === undefined ? {} : { member: row.on }),
    };
  });
  return {
    check: CHECK,
    version: 1,
    title: 'every fault is noticed by those that docs/detection.md names, and by no other',
    oracle: 0,
    status: worstFirst.find((status) => findings.some((finding) => finding.status === status)) ?? 'unverified',
    findings,
  };
}

/** Whether anything is recorded of a fault, be it only why nobody could be asked. */
function said(events: readonly RunEvent[], fault: string): boolean {
  return events.some((event) => event.kind === 'detected' && event.fault === fault);
}

function outcomeOf(
  { status, findings }: CheckResult,
  error: EventOf<'error'> | undefined,
): Pick<Verdict, 'outcome' | 'interrupted' | 'code' | 'reason' | 'cure'> {
  const failed = findings.filter((finding) => finding.status === 'failed').map(({ found }) => found.split(':')[0]);
  if (error) {
    const { phase, code, what, cure, interrupted } = error;
    const begun = phase === 'sound' || phase === 'detect';
    return {
      outcome: begun || interrupted ? 'unverified' : 'not-run',
      ...(interrupted ? { interrupted } : {}),
      code,
      reason: `stopped in phase "${phase}": ${what}`,
      ...(cure === undefined ? {} : { cure }),
    };
  }
  if (status === 'failed')
    return { outcome: 'failed', reason: `not as docs/detection.md has it: ${failed.join(', ')}` };
  if (status === 'ok') return { outcome: 'passed' };
  return {
    outcome: 'unverified',
    code: 'PGDRILL_EVIDENCE_INCOMPLETE',
    reason: 'of some faults nobody could be asked',
    cure: 'see which, and why, in matrix.md',
  };
}

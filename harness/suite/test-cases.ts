import type { TestEvents } from 'jest-runner';
import type { RunEvent } from '../record/events';
import { stoppedAsExpected, type SessionPhase, type SessionRun } from '../record/session';
import type { CheckResult } from '../record/verdict';

export type FileResult = TestEvents['test-file-success'][1];
export type CaseResult = FileResult['testResults'][number];

/** A case of a drill before Jest's fields are added. */
export interface DrillCase {
  title: string;
  status: 'passed' | 'failed' | 'pending';
  durationMs?: number;
  message?: string;
}

/** The case that one event of a run makes: a phase that ended well. Whether one that did not is a failure, the end says. */
export function caseOfEvent(event: RunEvent): DrillCase | undefined {
  if (event.kind !== 'phase-ended' || event.outcome !== 'done') return undefined;
  return { title: event.title, status: 'passed', durationMs: event.durationMs };
}

/**
 * The cases at the end of a run: every phase that ended badly, every check of its verdict that applies, and the verdict.
 * `unverified` and `not-run` fail with that word first. A phase that stopped as the drill expects (a refusal), or a red
 * check that it expects (a live sabotage) is no failure: the verdict's case says whether exactly the expected ones are so.
 */
export function casesOfEnd(run: SessionRun): DrillCase[] {
  const { verdict } = run;
  const checks = verdict?.checks ?? [];
  const expectsRed = ['verdict', 'red'].includes(verdict?.expected?.expectation.kind ?? '');
  const idle = checks.filter((check) => check.status === 'not-applicable').map((check) => check.check);
  return [
    ...run.phases.filter((phase) => phase.outcome === 'failed').map((phase) => caseOfBadEnd(phase, run)),
    ...checks.filter((check) => check.status !== 'not-applicable').map((check) => caseOfCheck(check, expectsRed)),
    { ...caseOfVerdict(run), title: `verdict${idle.length > 0 ? ` (not applicable: ${idle.join(', ')})` : ''}` },
  ];
}

function caseOfBadEnd(phase: SessionPhase, run: SessionRun): DrillCase {
  const { title, durationMs, summary } = phase;
  if (stoppedAsExpected(run, phase)) return { title: `${title} (stopped, as expected)`, status: 'passed', durationMs };
  return { title, status: 'failed', durationMs, message: summary ?? 'the case of the verdict says why' };
}

function caseOfCheck(check: CheckResult, expectsRed: boolean): DrillCase {
  const title = `check ${check.check}: ${check.title}`;
  if (check.status === 'ok') return { title, status: 'passed' };
  if (expectsRed) return { title: `${title} (${check.status})`, status: 'passed' };
  const findings = check.findings.filter((finding) => finding.status !== 'ok' && finding.status !== 'not-applicable');
  const lines = findings.flatMap((finding) => [
    `episode ${finding.episode}${finding.cluster ? `, cluster ${finding.cluster}` : ''}${finding.member ? `, ${finding.member}` : ''}`,
    `  expected: ${finding.expected}`,
    `  found:    ${finding.found}`,
    ...(finding.detail ?? []).map((line) => `  ${line}`),
  ]);
  return { title, status: 'failed', message: `${check.status}: ${check.title}\n${lines.join('\n')}` };
}

function caseOfVerdict(run: SessionRun): Omit<DrillCase, 'title'> {
  if (run.outcome === 'passed') return { status: 'passed' };
  const reason = run.verdict?.reason;
  const lines = [
    `${run.outcome}${run.interrupted ? ' (interrupted)' : ''}: ${reason ?? run.stopped?.what ?? 'see the checks above'}`,
    ...((run.verdict?.code ?? run.stopped?.code) ? [`code: ${run.verdict?.code ?? run.stopped?.code}`] : []),
    ...(run.stopped?.phase ? [`stopped in phase: ${run.stopped.phase}`] : []),
    ...(run.stopped?.cause ? [`cause: ${run.stopped.cause}`] : []),
    ...((run.verdict?.cure ?? run.stopped?.cure) ? [`what to do: ${run.verdict?.cure ?? run.stopped?.cure}`] : []),
  ];
  return { status: run.outcome === 'skipped' ? 'pending' : 'failed', message: lines.join('\n') };
}

/** A case as Jest has it. */
export function jestCase(ancestors: string[], one: DrillCase): CaseResult {
  return {
    ancestorTitles: ancestors,
    duration: one.durationMs === undefined ? null : Math.round(one.durationMs),
    failing: false,
    failureDetails: [],
    failureMessages: one.status === 'failed' ? [one.message ?? ''] : [],
    fullName: [...ancestors, one.title].join(' '),
    invocations: 1,
    location: null,
    numPassingAsserts: 0,
    retryReasons: [],
    startAt: null,
    status: one.status,
    title: one.title,
  };
}

/** The result of a drill's file as Jest has it. */
export function jestFile(
  file: string,
  cases: CaseResult[],
  startedAt: number,
  displayName: FileResult['displayName'],
): FileResult {
  const count = (status: string): number => cases.filter((one) => one.status === status).length;
  const failures = cases.flatMap((one) =>
    one.failureMessages.map((text) => `  ● ${[...one.ancestorTitles, one.title].join(' › ')}\n\n${indent(text)}\n`),
  );
  const end = Date.now();
  return {
    ...(displayName ? { displayName } : {}),
    failureMessage: failures.length > 0 ? failures.join('\n') : null,
    leaks: false,
    numFailingTests: count('failed'),
    numPassingTests: count('passed'),
    numPendingTests: count('pending'),
    numTodoTests: 0,
    openHandles: [],
    perfStats: {
      start: startedAt,
      end,
      runtime: end - startedAt,
      slow: false,
      loadTestEnvironmentStart: 0,
      loadTestEnvironmentEnd: 0,
      setupAfterEnvStart: 0,
      setupAfterEnvEnd: 0,
      setupFilesStart: 0,
      setupFilesEnd: 0,
    },
    skipped: false,
    snapshot: { added: 0, fileDeleted: false, matched: 0, unchecked: 0, uncheckedKeys: [], unmatched: 0, updated: 0 },
    testFilePath: file,
    testResults: cases,
  } as FileResult;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

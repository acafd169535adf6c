import type { CheckResult } from '../harness/record/verdict';

/** The further lines of a finding by what they are; checks mark them by how they begin. */
export interface FindingDetail {
  /** What differs first: rows, relations, transactions. */
  rows: string[];
  /** Lines of the server's log, as the server wrote them. */
  log: string[];
  /** Commands with which to look for oneself, as they are typed. */
  look: string[];
  /** When it was: the moments of the episode. */
  when: string | undefined;
}

/** @param lines detail of one finding, as the check gave it */
export function detailOf(lines: readonly string[] = []): FindingDetail {
  const detail: FindingDetail = { rows: [], log: [], look: [], when: undefined };
  for (const line of lines) {
    const [, mark, rest = ''] = /^(log|look|when): (.*)$/s.exec(line) ?? [];
    if (mark === 'log') detail.log.push(rest);
    else if (mark === 'look') detail.look.push(rest);
    else if (mark === 'when') detail.when = rest;
    else detail.rows.push(line);
  }
  return detail;
}

/** The moments that all findings of a verdict have in common: said once at its head instead of under each. */
export function commonMoments(checks: readonly CheckResult[]): string | undefined {
  const all = new Set(
    checks.flatMap(({ findings }) =>
      findings.flatMap((finding) => {
        const { when } = detailOf(finding.detail);
        return when === undefined ? [] : [when];
      }),
    ),
  );
  return all.size === 1 ? [...all][0] : undefined;
}

/** A line of a server's log for a narrow screen: time of day, severity and words, without process and session. */
export function shortLog(line: string): string {
  const [, clock, words] =
    /^\d{4}-\d{2}-\d{2} (\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?) .*?\b((?:LOG|WARNING|ERROR|FATAL|PANIC): {2}.*)$/.exec(
      line,
    ) ?? [];
  return clock === undefined || words === undefined ? line : `${clock} ${words}`;
}

/** Whether a finding shown has a command to look with: then a report says how to get the cluster back. */
export function anythingToLookAt(checks: readonly CheckResult[]): boolean {
  return checks.some(
    ({ status, findings }) =>
      (status === 'failed' || status === 'unverified') &&
      findings.some((finding) => detailOf(finding.detail).look.length > 0),
  );
}

/** A command as it is called here. @param program `pgdrill`, or `npx pgdrill` in a checkout */
export function asCalled(command: string, program: string): string {
  return command.replace(/^pgdrill(?= )/, () => program);
}

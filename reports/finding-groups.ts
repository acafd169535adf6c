import type { Finding } from '../harness/record/finding';
import type { CheckResult } from '../harness/record/verdict';
import { plural } from './quantity';

/** Findings that say the same of several places, as one. */
export interface FindingGroup {
  status: Finding['status'];
  /** `db1, db2 of main`, or empty when a finding is about no place. */
  where: string;
  expected: string;
  found: string;
  detail: string[];
}

/**
 * Puts findings together that differ only in the member, in the order in which they come: three members without a
 * table are one problem to read, not three.
 * @param only the status to keep; all when not given
 */
export function findingGroups(findings: readonly Finding[], only?: Finding['status']): FindingGroup[] {
  const severalEpisodes = findings.some((finding) => finding.episode > 0);
  const groups = new Map<string, { first: Finding; members: string[] }>();
  for (const finding of findings) {
    if (only && finding.status !== only) continue;
    const { status, episode, cluster, expected, found, detail } = finding;
    const key = JSON.stringify([status, episode, cluster, expected, found, detail]);
    const group = groups.get(key) ?? { first: finding, members: [] };
    if (finding.member && !group.members.includes(finding.member)) group.members.push(finding.member);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ first, members }) => ({
    status: first.status,
    where: place(first, members, severalEpisodes),
    expected: first.expected,
    found: first.found,
    detail: first.detail ?? [],
  }));
}

/** Whether anything was checked at all: not in a run that ended before its accident. */
export function anythingChecked(checks: readonly CheckResult[]): boolean {
  return checks.some((result) => result.status !== 'not-applicable');
}

/**
 * What a check found, on one line: for a check that is fine, or that does not apply. What several findings say is said
 * by the check's title; each of them is in the verdict, and in summary.md.
 */
export function foundLine(result: CheckResult): string {
  const groups = findingGroups(result.findings);
  const [only] = groups;
  if (!only) return 'nothing was looked at: the run ended before';
  if (result.status === 'not-applicable') return only.found;
  if (groups.length === 1) return `${only.expected}: ${only.found}`;
  return `${result.title} (${plural(result.findings.length, 'finding')})`;
}

function place(finding: Finding, members: readonly string[], severalEpisodes: boolean): string {
  const parts: string[] = [];
  if (members.length > 0) parts.push(members.join(', '));
  if (finding.cluster) parts.push(members.length > 0 ? `of cluster ${finding.cluster}` : `cluster ${finding.cluster}`);
  if (severalEpisodes) parts.push(`in episode ${finding.episode + 1}`);
  return parts.join(' ');
}

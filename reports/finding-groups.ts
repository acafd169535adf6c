import type { Finding, FindingStatus } from '../harness/record/finding';
import type { CheckResult } from '../harness/record/verdict';
import { detailOf, type FindingDetail } from './finding-detail';
import { plural } from './quantity';

/** Findings that say the same of several places, as one. */
export interface FindingGroup {
  status: FindingStatus;
  /** `db1, db2 of main`, or empty when a finding is about no place. */
  where: string;
  expected: string;
  found: string;
  /** What differs first, the log, the commands to look with: of the first of its places. */
  detail: FindingDetail;
}

/** From what has to be read first to what may be skipped. */
const WORST_FIRST: readonly FindingStatus[] = ['failed', 'unverified', 'ok', 'not-applicable'];

/**
 * Puts findings together that differ only in the member, in the order in which they come: three members without a
 * table are one problem to read, not three. Lines of the log and commands to look with name the member and would keep
 * them apart; those of the first one stand for all.
 * @param only the status to keep; all when not given
 */
export function findingGroups(findings: readonly Finding[], only?: FindingStatus): FindingGroup[] {
  const severalEpisodes = findings.some((finding) => finding.episode > 0);
  const groups = new Map<string, { first: Finding; detail: FindingDetail; members: string[] }>();
  for (const finding of findings) {
    if (only && finding.status !== only) continue;
    const { status, episode, cluster, expected, found } = finding;
    const detail = detailOf(finding.detail);
    const key = JSON.stringify([status, episode, cluster, expected, found, detail.rows, detail.when]);
    const group = groups.get(key) ?? { first: finding, detail, members: [] };
    if (finding.member && !group.members.includes(finding.member)) group.members.push(finding.member);
    groups.set(key, group);
  }
  const logged = new Set<string>();
  const apart = [...groups.values()].map(({ first, detail, members }) => ({
    status: first.status,
    where: place(first, members, severalEpisodes),
    expected: first.expected,
    found: first.found,
    // A line of the log that stands under an earlier finding is not said again.
    detail: { ...detail, log: detail.log.filter((line) => !logged.has(line) && logged.add(line)) },
  }));
  return blindTogether(apart);
}

/** What one place could not show for one reason is one line: a member that is gone has no ledger, no content, no role. */
function blindTogether(groups: readonly FindingGroup[]): FindingGroup[] {
  const together: FindingGroup[] = [];
  for (const group of groups) {
    const same =
      group.status === 'unverified' && group.detail.rows.length === 0
        ? together.find(
            ({ status, where, found, detail }) =>
              status === 'unverified' && where === group.where && found === group.found && detail.rows.length === 0,
          )
        : undefined;
    if (same) same.expected += `; ${group.expected}`;
    else together.push({ ...group });
  }
  return together;
}

/** The results with the worst first; those of one status in the order of the checks. */
export function worstFirst(checks: readonly CheckResult[]): CheckResult[] {
  return [...checks].sort((a, b) => WORST_FIRST.indexOf(a.status) - WORST_FIRST.indexOf(b.status));
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

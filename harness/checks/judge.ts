import { messageOf } from '../record/errors';
import type { EpisodeEvidence, Evidence } from '../record/evidence';
import type { Finding, FindingStatus } from '../record/finding';
import type { CheckResult, Figures, Verdict } from '../record/verdict';
import type { Check } from './check';
import { figuresOfRun } from './figures';
import { runOutcome } from './outcome';
import { Place } from './place';
import { checksOf, notCoveredIn } from './standard';

/** From best to worst; a check's result is the worst of its findings. */
const BY_WEIGHT: readonly FindingStatus[] = ['not-applicable', 'ok', 'unverified', 'failed'];

/**
 * The verdict of a run: pure, and the same bytes (through `canonicalJson`) for the same evidence and version.
 * @param options.pgdrill version that judges
 * @param options.checks all checks to judge by, in the order of the report; default those that belong to the evidence. A
 * drill with checks of its own gives `[...checksOf(evidence), ...own]`
 */
export function judge(evidence: Evidence, options: { pgdrill: string; checks?: readonly Check[] }): Verdict {
  const results = (options.checks ?? checksOf(evidence)).map((check) => checkResult(check, evidence));
  const { run } = evidence;
  return {
    format: 1,
    pgdrill: options.pgdrill,
    run: run.id,
    drill: run.drill,
    title: run.title,
    seed: run.seed,
    stack: run.stack,
    ...runOutcome(evidence, results),
    checks: results,
    notCovered: notCoveredIn(evidence),
    figures: figures(evidence),
  };
}

/** What one check says of a run: the worst of its findings, over all episodes. */
export function checkResult(check: Check, evidence: Evidence): CheckResult {
  const findings = evidence.episodes.flatMap((episode, index) => findingsOf(check, evidence, episode, index));
  const worst = Math.max(...findings.map(({ status }) => BY_WEIGHT.indexOf(status)), 0);
  return {
    check: check.id,
    version: check.version,
    title: check.title,
    oracle: check.oracle,
    status: BY_WEIGHT[worst] ?? 'unverified',
    findings,
  };
}

function findingsOf(check: Check, evidence: Evidence, episode: EpisodeEvidence, index: number): Finding[] {
  const place = new Place(check.id, { evidence, episode, index });
  const applies = check.applies(episode, evidence);
  if (applies !== true) {
    return [{ check: check.id, status: 'not-applicable', episode: index, expected: check.title, found: applies }];
  }
  try {
    const findings = check.examine({ evidence, episode, index });
    if (findings.length > 0) return inOrder(findings);
    return [place.unverified(check.title, 'the check found nothing to look at')];
  } catch (error) {
    // A saved run may hold what this version cannot read: that makes the check unverified, it is no crash.
    return [place.unverified(check.title, `the evidence could not be read: ${messageOf(error)}`)];
  }
}

/** Those of the cluster before those of its members; within one place in the check's own order. */
function inOrder(findings: Finding[]): Finding[] {
  const place = ({ cluster = '', member = '' }: Finding): string => `${cluster}\u0000${member}`;
  return [...findings].sort((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
}

function figures(evidence: Evidence): Figures {
  try {
    return figuresOfRun(evidence);
  } catch {
    // The sets cannot be read; `acknowledged-writes` says so by name.
    return {};
  }
}

import type { EpisodeEvidence, Evidence } from '../record/evidence';
import type { Outcome } from '../record/outcome';
import type { CheckResult, Expectation, Verdict } from '../record/verdict';
import { accidentProven, stoppedBeforeAccident } from './applicability';
import { reachedTarget, withoutLedger } from './without-ledger';

type Said = Pick<Verdict, 'outcome' | 'interrupted' | 'code' | 'reason' | 'cure'>;
type Stopped = NonNullable<Evidence['stopped']>;

/** Code of an accident without proof, also when the run went on no further for it. */
const UNPROVEN = 'PGDRILL_ACCIDENT_UNPROVEN';
const WORST_FIRST: readonly Outcome[] = ['failed', 'unverified', 'passed'];

/** What one episode came to, by its checks and by where the run stopped, and the checks that decided it. */
interface EpisodeSaid extends Said {
  failed: string[];
  unverified: string[];
}

/** The outcome of a run, by the table of outcomes in docs/architecture.md. */
export function runOutcome(evidence: Evidence, results: readonly CheckResult[]): Said & Pick<Verdict, 'expected'> {
  const early = endedEarly(evidence);
  if (early) return early;
  if (evidence.episodes.length === 0) {
    return unverified(
      'PGDRILL_EVIDENCE_INCOMPLETE',
      'the run has no episode: nothing was broken or recovered',
      'run the drill again',
    );
  }
  const judged = evidence.episodes.map((episode, index) => {
    const last = index === evidence.episodes.length - 1;
    const said = episodeSaid(episode, last ? evidence.stopped : undefined, checksOf(results, index));
    return { said, ...againstExpectation(episode, said, last ? evidence.stopped : undefined) };
  });
  const outcome = WORST_FIRST.find((one) => judged.some(({ final }) => final.outcome === one)) ?? 'passed';
  const decisive = judged.find(({ final }) => final.outcome === outcome)?.final ?? { outcome };
  const expected = judged.find((one) => one.expected !== undefined)?.expected;
  return {
    ...(outcome === 'passed' && evidence.unreadable.length > 0 ? unreadable(evidence) : decisive),
    ...(expected ? { expected } : {}),
  };
}

/** Ends that no check and no expectation can mend: interrupted, no engine, nothing broken yet. */
function endedEarly(evidence: Evidence): Said | undefined {
  const { stopped } = evidence;
  if (!stopped) return undefined;
  if (stopped.interrupted) return { ...asStopped('unverified', stopped), interrupted: true };
  if (stopped.code === 'PGDRILL_LACKING') return asStopped('skipped', stopped);
  if (stoppedBeforeAccident(evidence)) return asStopped('not-run', stopped);
  if (stopped.code === 'PGDRILL_ENGINE_DIED') return asStopped('unverified', stopped);
  return undefined;
}

function episodeSaid(
  episode: EpisodeEvidence,
  stopped: Stopped | undefined,
  checks: Pick<EpisodeSaid, 'failed' | 'unverified'>,
): EpisodeSaid {
  const { incident, recovery } = episode;
  if (!accidentProven(episode) && !withoutLedger(episode)) {
    const said = stopped
      ? asStopped('unverified', stopped)
      : unverified(
          UNPROVEN,
          incident
            ? `the accident did not take effect: expected ${incident.proof.expected}, found ${incident.proof.found}`
            : 'no accident is recorded',
          'see the check "accident"; nothing can be said about a recovery from nothing',
        );
    return { ...said, ...checks };
  }
  if (stopped) return { ...asStopped(stopped.phase === 'recover' ? 'failed' : 'unverified', stopped), ...checks };
  if (recovery?.outcome === 'failed' || recovery?.outcome === 'refused') {
    const code = recovery.code ?? 'PGDRILL_RECOVERY_FAILED';
    return { outcome: 'failed', code, reason: `the recovery ended as ${recovery.outcome}`, ...checks };
  }
  if (withoutLedger(episode) && !reachedTarget(episode)) {
    const reason = `the recovery ended as ${recovery?.outcome ?? 'unknown'}: nothing has replayed up to the target`;
    return { ...unverified('PGDRILL_EVIDENCE_INCOMPLETE', reason, 'verify once it has'), ...checks };
  }
  if (checks.failed.length > 0) return { outcome: 'failed', reason: `red: ${checks.failed.join(', ')}`, ...checks };
  if (checks.unverified.length > 0) {
    return {
      ...unverified(
        'PGDRILL_EVIDENCE_INCOMPLETE',
        `unverified: ${checks.unverified.join(', ')}`,
        'see what these checks miss',
      ),
      ...checks,
    };
  }
  return { outcome: 'passed', ...checks };
}

/** An expectation other than `recovered` turns the outcome round: what was expected red must be red by exactly that. */
function againstExpectation(
  { expectation, recovery }: EpisodeEvidence,
  said: EpisodeSaid,
  stopped: Stopped | undefined,
): { final: Said; expected?: Verdict['expected'] } {
  const { failed, unverified: missing, ...own } = said;
  switch (expectation.kind) {
    case 'recovered':
      return { final: own };
    case 'refused': {
      if (said.code === UNPROVEN || !comparable(stopped)) return { final: own };
      const by =
        recovery?.outcome === 'refused' ? recovery.code : stopped?.phase === 'recover' ? stopped.code : undefined;
      const found = by ?? `recovery ${recovery?.outcome ?? 'not recorded'}`;
      // A check of the drill's own, or of the accident, may still be red.
      const met = by === expectation.code && failed.length === 0;
      return concluded(
        expectation,
        own,
        failed,
        met,
        `expected the recovery refused with ${expectation.code}, found ${found}`,
      );
    }
    case 'red': {
      if (!comparable(stopped)) return { final: own };
      const met = said.outcome === 'failed';
      return concluded(expectation, own, failed, met, `expected a failed verdict; the checks said ${said.outcome}`);
    }
    case 'verdict': {
      if (!comparable(stopped)) return { final: own };
      const red = expectation.outcome === 'unverified' ? missing : failed;
      const beside = expectation.outcome === 'failed' ? expectation.unverified : undefined;
      const met =
        said.outcome === expectation.outcome &&
        sameSet(red, expectation.by) &&
        (beside === undefined || sameSet(missing, beside));
      const besides = (checks: string[]) => (beside === undefined ? '' : `, unverified ${names(checks)}`);
      const wanted = `${expectation.outcome} by ${names(expectation.by)}${besides(beside ?? [])}`;
      return concluded(
        expectation,
        own,
        red,
        met,
        `expected the checks to say ${wanted}; they said ${said.outcome} by ${names(red)}${besides(missing)}`,
      );
    }
  }
}

function concluded(
  expectation: Expectation,
  own: Said,
  red: string[],
  met: boolean,
  reason: string,
): { final: Said; expected: Verdict['expected'] } {
  const expected = { expectation, met, checksSaid: own.outcome, red };
  if (met) return { final: { outcome: 'passed' }, expected };
  return { final: { outcome: 'failed', code: 'PGDRILL_EXPECTATION_UNMET', reason }, expected };
}

/** A run that broke down elsewhere than where its drill looks says nothing about the checks. */
function comparable(stopped: Stopped | undefined): boolean {
  return stopped === undefined || stopped.phase === 'recover' || stopped.code === UNPROVEN;
}

function checksOf(results: readonly CheckResult[], episode: number): Pick<EpisodeSaid, 'failed' | 'unverified'> {
  const statuses = results.map(({ check, findings }) => ({
    check,
    seen: new Set(findings.filter((finding) => finding.episode === episode).map(({ status }) => status)),
  }));
  const failed = statuses.filter(({ seen }) => seen.has('failed')).map(({ check }) => check);
  return {
    failed,
    unverified: statuses
      .filter(({ check, seen }) => seen.has('unverified') && !failed.includes(check))
      .map(({ check }) => check),
  };
}

function asStopped(outcome: Outcome, { phase, code, what, cure }: Stopped): Said {
  return { outcome, code, reason: `stopped in phase "${phase}": ${what}`, ...(cure === undefined ? {} : { cure }) };
}

function unverified(code: string, reason: string, cure: string): Said {
  return { outcome: 'unverified', code, reason, cure };
}

function unreadable({ unreadable: parts }: Evidence): Said {
  const reason = `of the saved events could not be read: ${parts.slice(0, 5).join('; ')}`;
  return unverified('PGDRILL_EVIDENCE_UNREADABLE', reason, 'judge the run with the version of pgdrill that wrote it');
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return new Set([...a, ...b]).size === new Set(a).size && new Set(a).size === new Set(b).size;
}

function names(checks: readonly string[]): string {
  return checks.length === 0 ? 'none' : [...checks].sort().join(', ');
}

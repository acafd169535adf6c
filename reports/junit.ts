import { stoppedAsExpected, type SessionPhase, type SessionRecord, type SessionRun } from '../harness/record/session';
import type { CheckResult } from '../harness/record/verdict';
import { findingGroups, foundLine } from './finding-groups';

interface TestCase {
  group: 'phases' | 'checks' | 'run';
  name: string;
  seconds: number;
  failure?: { type: string; message: string; text: string };
  skipped?: string;
  output?: string;
}

/**
 * A session as junit.xml: one test suite a run; a test case for each phase, each check, and the verdict itself.
 * `unverified` and `not-run` are failures with that word first: what could not be verified did not pass.
 * The form is the one that Jenkins, GitLab and GitHub's actions read (Jenkins xUnit plugin, junit-10.xsd).
 */
export function renderJunit(session: SessionRecord): string {
  const suites = session.runs.map((run) => ({ run, cases: casesOf(run) }));
  const all = suites.flatMap(({ cases }) => cases);
  const idle = session.notStarted.length;
  const head = attributes({
    name: 'pgdrill',
    tests: all.length + idle,
    failures: all.filter((one) => one.failure).length,
    errors: 0,
    skipped: all.filter((one) => one.skipped !== undefined).length + idle,
    time: secondsText(session.durationMs),
    timestamp: stampText(session.started),
  });
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites${head}>`];
  for (const { run, cases } of suites) lines.push(...suiteLines(run, cases));
  for (const drill of session.notStarted) lines.push(...notStartedLines(drill));
  return `${[...lines, '</testsuites>'].join('\n')}\n`;
}

function suiteLines(run: SessionRun, cases: readonly TestCase[]): string[] {
  const head = attributes({
    name: run.drill,
    tests: cases.length,
    failures: cases.filter((one) => one.failure).length,
    errors: 0,
    skipped: cases.filter((one) => one.skipped !== undefined).length,
    time: secondsText(run.durationMs),
    timestamp: stampText(run.started),
  });
  const properties = {
    run: run.run,
    seed: run.seed,
    outcome: run.outcome,
    stack: run.verdict?.stack ?? '',
    report: run.dir,
  };
  return [
    `  <testsuite${head}>`,
    '    <properties>',
    ...Object.entries(properties).map(([name, value]) => `      <property${attributes({ name, value })}/>`),
    '    </properties>',
    ...cases.flatMap((one) => caseLines(run.drill, one)),
    '  </testsuite>',
  ];
}

function caseLines(drill: string, one: TestCase): string[] {
  const head = attributes({ classname: `${drill}.${one.group}`, name: one.name, time: one.seconds.toFixed(3) });
  const inner: string[] = [];
  if (one.skipped !== undefined) inner.push(`      <skipped${attributes({ message: one.skipped })}/>`);
  if (one.failure) {
    const { type, message, text } = one.failure;
    inner.push(`      <failure${attributes({ type, message })}>${escaped(text)}</failure>`);
  }
  if (one.output) inner.push(`      <system-out>${escaped(one.output)}</system-out>`);
  return inner.length === 0 ? [`    <testcase${head}/>`] : [`    <testcase${head}>`, ...inner, '    </testcase>'];
}

function notStartedLines(drill: string): string[] {
  const message = 'never started: the session ended before it';
  return [
    `  <testsuite${attributes({ name: drill, tests: 1, failures: 0, errors: 0, skipped: 1, time: '0.000' })}>`,
    ...caseLines(drill, { group: 'run', name: 'verdict', seconds: 0, skipped: message }),
    '  </testsuite>',
  ];
}

function casesOf(run: SessionRun): TestCase[] {
  const phases = run.phases.map((phase) => phaseCase(run, phase));
  const checks = (run.verdict?.checks ?? []).map((result) => checkCase(run, result));
  return [...phases, ...checks, verdictCase(run)];
}

function phaseCase(run: SessionRun, phase: SessionPhase): TestCase {
  const base = { group: 'phases' as const, name: `${phase.phase}: ${phase.title}`, seconds: phase.durationMs / 1000 };
  if (phase.outcome === 'done') return { ...base, ...(phase.summary ? { output: phase.summary } : {}) };
  const why = run.stopped && (run.stopped.phase ?? phase.phase) === phase.phase ? stopText(run) : (phase.summary ?? '');
  if (stoppedAsExpected(run, phase)) return { ...base, output: `stopped, as expected\n${why}` };
  const word = failureWord(run);
  const message = phase.outcome === 'cut' ? `${word}: the run ended inside this phase` : `${word}: ${phase.title}`;
  return { ...base, failure: { type: word, message, text: why } };
}

/** A run expected to be red is passed, and its red checks with it. */
function checkCase(run: SessionRun, result: CheckResult): TestCase {
  const base = { group: 'checks' as const, name: result.check, seconds: 0 };
  if (result.status === 'ok') return { ...base, output: foundLine(result) };
  if (result.status === 'not-applicable') return { ...base, skipped: notApplicable(result) };
  const groups = findingGroups(result.findings, result.status);
  const text = groups
    .map(({ where, expected, found, detail: { rows, when, log, look } }) =>
      [
        ...(where ? [`on ${where}`] : []),
        `expected: ${expected}`,
        `found: ${found}`,
        ...rows,
        ...(when === undefined ? [] : [`when: ${when}`]),
        ...log.map((line) => `log: ${line}`),
        ...look.map((line) => `look: ${line}`),
      ].join('\n'),
    )
    .join('\n\n');
  const expected = run.verdict?.expected;
  if (expected?.met && expected.red.includes(result.check)) return { ...base, output: `red, as expected\n${text}` };
  const message = `${result.status}: ${result.title}${groups[0] ? `: ${groups[0].found}` : ''}`;
  return { ...base, failure: { type: result.status, message, text } };
}

function notApplicable(result: CheckResult): string {
  return result.findings.length > 0 ? `does not apply: ${foundLine(result)}` : foundLine(result);
}

function verdictCase(run: SessionRun): TestCase {
  const base = { group: 'run' as const, name: 'verdict', seconds: run.durationMs / 1000 };
  const reason = [run.verdict?.code, run.verdict?.reason].filter(Boolean).join(': ');
  if (run.outcome === 'passed') return base;
  if (run.outcome === 'skipped') return { ...base, skipped: reason || 'skipped' };
  const why = reason || stopText(run).split('\n')[0] || red(run);
  const message = `${failureWord(run)}: ${run.drill}${why ? `: ${why}` : ''}`;
  return { ...base, failure: { type: run.outcome, message, text: stopText(run) || red(run) } };
}

function red(run: SessionRun): string {
  const names = (run.verdict?.checks ?? [])
    .filter((result) => result.status === run.outcome)
    .map((result) => result.check);
  return names.length > 0 ? `by ${names.join(', ')}` : '';
}

function failureWord(run: SessionRun): string {
  return run.outcome === 'passed' || run.outcome === 'skipped' ? 'failed' : run.outcome;
}

function stopText(run: SessionRun): string {
  if (!run.stopped) return '';
  const { code, what, cure, cause } = run.stopped;
  return [`${code}: ${what}`, ...(cause ? [`because: ${cause}`] : []), ...(cure ? [`what to do: ${cure}`] : [])].join(
    '\n',
  );
}

function secondsText(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** junit's time stamps have no zone and whole seconds. */
function stampText(time: string): string {
  return time.slice(0, 19);
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`)
    .join('');
}

/** XML 1.0 has no form at all for most control characters (section 2.2), so they are left out. */
function escaped(text: string): string {
  return text

    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g, '')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

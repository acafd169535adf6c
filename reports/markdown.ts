import type { Outcome } from '../harness/record/outcome';
import type { SessionRecord, SessionRun } from '../harness/record/session';
import type { Verdict } from '../harness/record/verdict';
import { againCommand } from './again';
import { figureRows } from './figure-rows';
import { anythingToLookAt, commonMoments } from './finding-detail';
import { anythingChecked, findingGroups, foundLine, worstFirst, type FindingGroup } from './finding-groups';
import { outcomeWord, statusSigns } from './outcome-words';
import { countText, durationText, plural } from './quantity';
import { silenceCells, silenceHead, silenceRows } from './silence';

/** A session as `summary.md`: a table of runs, then each run with its checks, figures and how to run it again. */
export function renderMarkdown(session: SessionRecord): string {
  const parts = [
    `# pgdrill: ${tally(session)}`,
    `Session \`${session.session}\`, pgdrill ${session.pgdrill}, Node ${session.node}, ${durationText(session.durationMs)}.`,
    runsTable(session),
    ...silenceTable(session),
    ...session.runs.flatMap((run) => runParts(run, session)),
  ];
  if (session.notStarted.length > 0) {
    parts.push('## Never started', session.notStarted.map((drill) => `- ${escaped(drill)}`).join('\n'));
  }
  return `${parts.join('\n\n')}\n`;
}

/** `3 runs: 2 passed, 1 failed`. */
export function tally(session: Pick<SessionRecord, 'runs' | 'notStarted'>): string {
  const order: Outcome[] = ['passed', 'failed', 'unverified', 'not-run', 'skipped'];
  const counts = order
    .map((outcome) => ({ outcome, count: session.runs.filter((run) => run.outcome === outcome).length }))
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `${count} ${outcome.replace('-', ' ')}`);
  if (session.notStarted.length > 0) counts.push(`${session.notStarted.length} never started`);
  return [plural(session.runs.length, 'run'), ...(counts.length > 0 ? [counts.join(', ')] : [])].join(': ');
}

function runsTable(session: SessionRecord): string {
  const rows = session.runs.map((run) => {
    const figures = run.verdict?.figures ?? {};
    return [
      escaped(run.drill),
      `${sign(run.outcome)} ${outcomeWord(run.outcome, run.interrupted).toLowerCase()}`,
      figures.rtoWritesMs === undefined ? '' : durationText(figures.rtoWritesMs),
      figures.rtoFullMs === undefined ? '' : durationText(figures.rtoFullMs),
      figures.rpoMs === undefined ? '' : durationText(figures.rpoMs),
      figures.lost === undefined ? '' : countText(figures.lost),
      String(run.seed),
      durationText(run.durationMs),
    ];
  });
  const head = ['drill', 'outcome', 'RTO, writes', 'RTO, full', 'RPO', 'lost', 'seed', 'took'];
  return table(head, rows);
}

/** Only where a drill ran more than once. */
function silenceTable(session: SessionRecord): string[] {
  const rows = silenceRows(session);
  if (rows.length === 0) return [];
  const cells = rows.map((row) => silenceCells(row).map(escaped));
  return [
    '## Silence',
    'The longest time without an acknowledged write, over the runs of each drill.',
    table([...silenceHead], cells),
  ];
}

function runParts(run: SessionRun, session: SessionRecord): string[] {
  const { verdict } = run;
  const again = againCommand(run.drill, run.seed, session.arguments);
  const parts = [
    `## ${sign(run.outcome)} ${escaped(run.drill)}: ${outcomeWord(run.outcome, run.interrupted).toLowerCase()}`,
    escaped(run.title),
  ];
  const why = verdict?.reason
    ? { code: verdict.code, what: verdict.reason, cure: verdict.cure }
    : run.outcome === 'passed'
      ? undefined
      : run.stopped;
  if (why) {
    parts.push(
      `**${escaped([why.code, why.what].filter(Boolean).join(': '))}**${why.cure ? `<br>\nWhat to do: ${escaped(why.cure)}` : ''}`,
    );
  }
  for (const warning of run.warnings) parts.push(`> Warning: ${escaped(warning)}`);
  if (run.leftovers.length > 0) parts.push(`> Could not be removed: ${run.leftovers.map(escaped).join(', ')}`);
  if (verdict && anythingChecked(verdict.checks)) parts.push(...verdictParts(verdict));
  if (run.phases.length > 0) parts.push(phases(run));
  parts.push(
    [
      `- Report: \`${run.dir}\``,
      `- Judge again: \`pgdrill check ${run.run}\``,
      `- Reproduce: \`${again}\``,
      ...(verdict && anythingToLookAt(verdict.checks)
        ? [`- Look: \`${again} --keep\` makes the same cluster again and leaves it up, for the commands at "look"`]
        : []),
    ].join('\n'),
  );
  return parts;
}

function verdictParts(verdict: Verdict): string[] {
  const checks = table(
    ['', 'check', 'found'],
    worstFirst(verdict.checks).map((result) => {
      const groups = findingGroups(result.findings, result.status);
      const found =
        result.status === 'failed' || result.status === 'unverified'
          ? groups.map((group) => group.found).join('; ')
          : foundLine(result);
      return [
        statusSigns[result.status],
        escaped(result.check),
        escaped(result.status === 'not-applicable' ? `does not apply: ${found}` : found),
      ];
    }),
  );
  const moments = commonMoments(verdict.checks);
  const problems = worstFirst(verdict.checks)
    .filter((result) => result.status === 'failed' || result.status === 'unverified')
    .flatMap((result) => [
      `### ${statusSigns[result.status]} ${escaped(result.check)}: ${escaped(result.title)}`,
      ...[...findingGroups(result.findings, 'failed'), ...findingGroups(result.findings, 'unverified')].map((group) =>
        fenced(groupLines(group, moments)),
      ),
    ]);
  const all = verdict.checks.flatMap((result) =>
    findingGroups(result.findings).map(({ status, where, expected, found }) =>
      [statusSigns[status], result.check, where, expected, found].map(escaped),
    ),
  );
  const figures = figureRows(verdict.figures).map(({ label, value }) => [label, value]);
  return [
    ...(moments === undefined ? [] : [`When: ${escaped(moments)}`]),
    checks,
    ...problems,
    ...(verdict.notCovered.length > 0 ? [`Not covered: ${verdict.notCovered.map(escaped).join(', ')}.`] : []),
    table(['figure', 'value'], figures),
    details('Every finding', table(['', 'check', 'on', 'expected', 'found'], all)),
  ];
}

function groupLines({ where, expected, found, detail }: FindingGroup, moments: string | undefined): string[] {
  const labelled = (label: string, lines: readonly string[]): string[] =>
    lines.map((line, index) => `${(index === 0 ? label : '').padEnd(10)}${line}`);
  return [
    ...labelled('on', where ? [where] : []),
    ...labelled('expected', [expected]),
    ...labelled('found', [found, ...detail.rows]),
    ...labelled('when', detail.when === undefined || detail.when === moments ? [] : [detail.when]),
    ...labelled('log', detail.log),
    ...labelled('look', detail.look),
  ];
}

function phases(run: SessionRun): string {
  const rows = run.phases.map(({ phase, title, outcome, durationMs, summary }) => [
    outcome === 'done' ? statusSigns.ok : statusSigns.failed,
    escaped(phase),
    escaped(summary ?? title),
    durationText(durationMs),
  ]);
  return details('Phases', table(['', 'phase', 'what', 'took'], rows));
}

/** Folded until it is asked for; GitHub wants the empty lines. */
function details(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A fence longer than any inside it (CommonMark 0.31, section 4.5). */
function fenced(lines: string[]): string {
  const text = lines.join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function escaped(text: string): string {
  return text.replace(/[\\|*_`<>[\]]/g, (sign) => `\\${sign}`).replace(/\s*\n\s*/g, ' ');
}

function sign(outcome: Outcome): string {
  if (outcome === 'passed') return statusSigns.ok;
  if (outcome === 'failed') return statusSigns.failed;
  return outcome === 'skipped' ? statusSigns['not-applicable'] : statusSigns.unverified;
}

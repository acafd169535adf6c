import { createColors } from 'picocolors';
import type { Outcome } from '../harness/record/outcome';
import type { CheckResult, Verdict } from '../harness/record/verdict';
import { againCommand } from './again';
import { figureRows } from './figure-rows';
import { anythingToLookAt, asCalled, commonMoments, shortLog } from './finding-detail';
import { anythingChecked, findingGroups, foundLine, worstFirst, type FindingGroup } from './finding-groups';
import { shellWord } from '../harness/formats/shell-word';
import { outcomeWord, statusSigns } from './outcome-words';
import { labelled, wrapped } from './paragraph';

export interface VerdictTextOptions {
  /** Folder of the run, as people shall see it. */
  dir: string;
  colour: boolean;
  /** Characters of a line; lines are not broken when not given. */
  width?: number;
  /** How to enter and how to end a cluster that was kept. */
  keep?: string[];
  /** The command that makes the same run again; default: the drill by its id with the seed. */
  again?: string;
  /** Shows every finding, also of checks that are fine. */
  all?: boolean;
  /** Run or folder as `pgdrill check` finds it; default the run's id. */
  name?: string;
  /** How pgdrill is called here: `npx pgdrill` in a checkout. Default `pgdrill`. */
  program?: string;
}

/** Said once, of all the lines that begin with `look`. */
const LOOK_AGAIN = 'makes the same cluster again and leaves it up, for the commands at "look"';

type Colours = ReturnType<typeof createColors>;
interface Page {
  all: boolean;
  program: string;
  /** The moments that stand at the head, and not under each finding. */
  moments: string | undefined;
  c: Colours;
  width: number | undefined;
  column: number;
}

/** Findings of one status that are shown of one check; the others are counted, and shown when all is asked for. */
const SHOWN = 4;

/**
 * A verdict as people see it at the end of a run: the worst first, with what was expected and what was found, the first
 * rows that differ, the server's log and a command to look with; then how long, how much, and how to get there again.
 */
export function renderVerdict(verdict: Verdict, options: VerdictTextOptions): string {
  const longest = Math.max(11, ...verdict.checks.map((result) => result.check.length));
  const program = options.program ?? 'pgdrill';
  const page: Page = {
    all: options.all ?? false,
    program,
    moments: commonMoments(verdict.checks),
    c: createColors(options.colour),
    width: options.width,
    column: longest + 2,
  };
  const again = options.again ?? againCommand(verdict.drill, verdict.seed, [], program);
  const checked = anythingChecked(verdict.checks);
  const measured = Object.values(verdict.figures).some((figure) => figure !== undefined);
  const sections = [
    headline(verdict, page),
    checked ? allChecks(verdict.checks, page) : nothingChecked(verdict, page),
    checked && verdict.notCovered.length > 0 ? notCovered(verdict, page) : [],
    checked || measured ? rows(figureRows(verdict.figures), page) : [],
    rows(
      [
        { label: 'seed', value: String(verdict.seed) },
        { label: 'report', value: options.dir },
        { label: 'judge again', value: `${program} check ${shellWord(options.name ?? verdict.run)}` },
        { label: 'reproduce', value: again },
        ...(anythingToLookAt(verdict.checks) && !options.keep?.length
          ? [
              { label: 'look', value: `${again} --keep` },
              { label: '', value: LOOK_AGAIN },
            ]
          : []),
      ],
      { ...page, width: undefined },
    ),
    options.keep?.length ? ['  The cluster was kept.', ...options.keep.map((line) => `    ${line}`)] : [],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function headline(verdict: Verdict, page: Page): string[] {
  const { c } = page;
  const word = ` ${outcomeWord(verdict.outcome, verdict.interrupted)} `;
  const lines = [
    `${c.inverse(c.bold(inOutcomeColour(verdict.outcome, word, c)))} ${c.bold(verdict.drill)}`,
    ...wrapped(verdict.title, page.width && page.width - 2).map((line) => `  ${line}`),
  ];
  if (verdict.reason) {
    lines.push(...field('why', [verdict.reason, verdict.code ? `(${verdict.code})` : ''].join(' ').trim(), page));
  }
  if (verdict.cure) lines.push(...field('what to do', verdict.cure, page));
  if (page.moments !== undefined) lines.push(...field('when', page.moments, page));
  if (verdict.expected) {
    const { met, checksSaid, red } = verdict.expected;
    const said = `${checksSaid}${red.length > 0 ? ` by ${red.join(', ')}` : ''}`;
    lines.push(
      ...field('expected', `${expectationText(verdict)}: ${met ? 'met' : 'NOT met'}; the checks said ${said}`, page),
    );
  }
  return lines;
}

function expectationText(verdict: Verdict): string {
  const expectation = verdict.expected?.expectation;
  switch (expectation?.kind) {
    case 'refused':
      return `the recovery is refused with ${expectation.code}`;
    case 'verdict':
      return [
        `the checks say ${expectation.outcome} by ${expectation.by.join(', ')} alone`,
        ...(expectation.unverified ? [`unverified beside: ${expectation.unverified.join(', ') || 'none'}`] : []),
      ].join('; ');
    case 'red':
      return 'the recovery lacks something, and the verdict is failed';
    default:
      return 'everything is recovered';
  }
}

/** One line instead of every check's name, each with the same reason. */
function nothingChecked({ checks }: Verdict, { c }: Page): string[] {
  const reason = checks[0]?.findings[0]?.found ?? 'the run ended before there was anything to check';
  return [c.dim(`  ${statusSigns['not-applicable']} nothing was checked: ${reason}`)];
}

/** The worst first. Where something is wrong, those that are fine are only named: they are not what is read for. */
function allChecks(checks: readonly CheckResult[], page: Page): string[] {
  const fine = checks.filter(({ status }) => status === 'ok').map(({ check }) => check);
  const wrong = checks.some(({ status }) => status === 'failed' || status === 'unverified');
  const named = wrong && !page.all && fine.length > 1;
  const one = (only: (status: CheckResult['status']) => boolean): string[] =>
    worstFirst(checks.filter(({ status }) => only(status))).flatMap((result) => checkLines(result, page));
  if (!named) return one(() => true);
  const sign = inStatusColour('ok', statusSigns.ok, page.c);
  const [first = '', ...more] = wrapped(fine.join(', '), page.width && page.width - page.column - 4);
  return [
    ...one((status) => status === 'failed' || status === 'unverified'),
    `  ${sign} ${'as expected'.padEnd(page.column - 2)}  ${first}`,
    ...more.map((line) => `${' '.repeat(page.column + 4)}${line}`),
    ...one((status) => status === 'not-applicable'),
  ];
}

function checkLines(result: CheckResult, page: Page): string[] {
  const { c } = page;
  const name = result.check.padEnd(page.column - 2);
  const sign = inStatusColour(result.status, statusSigns[result.status], c);
  if (result.status === 'not-applicable' || (result.status === 'ok' && !page.all)) {
    const said = result.status === 'ok' ? foundLine(result) : `does not apply: ${foundLine(result)}`;
    const [first = '', ...further] = wrapped(said, page.width && page.width - page.column - 4);
    const shown = [`  ${sign} ${name}  ${first}`, ...further.map((line) => `${' '.repeat(page.column + 4)}${line}`)];
    return result.status === 'ok' ? shown : shown.map((line) => c.dim(line));
  }
  const fine = result.findings.filter((finding) => finding.status === 'ok').length;
  const [title = '', ...restOfTitle] = wrapped(result.title, page.width && page.width - page.column - 4);
  const lines = [
    `  ${sign} ${c.bold(name)}  ${title}`,
    ...restOfTitle.map((line) => `${' '.repeat(page.column + 4)}${line}`),
  ];
  for (const status of ['failed', 'unverified', ...(page.all ? (['ok'] as const) : [])] as const) {
    const groups = findingGroups(result.findings, status);
    const shown = page.all ? groups : groups.slice(0, SHOWN);
    lines.push(...shown.flatMap((group) => groupLines(group, page)));
    const left = groups.length - shown.length;
    if (left > 0) lines.push(c.dim(`      and ${left} more like these: ${page.program} report --verbose`));
  }
  if (fine > 0 && !page.all)
    lines.push(c.dim(`      and ${fine} of its findings ${fine === 1 ? 'is' : 'are'} as expected`));
  return lines;
}

function groupLines({ status, where, expected, found, detail }: FindingGroup, page: Page): string[] {
  const { c } = page;
  // Rows and commands are to be copied: they are not broken. The log's lines are whole in verdict.json.
  const whole = { ...page, width: undefined };
  const when = detail.when === page.moments ? undefined : detail.when;
  return [
    ...(where ? field('on', where, page, 6) : []),
    ...field('expected', expected, page, 6),
    ...field('found', found, page, 6).map((line) => (status === 'ok' ? line : inStatusColour(status, line, c))),
    ...detail.rows.flatMap((line) => field('', line, whole, 6)),
    ...(when === undefined ? [] : field('when', when, page, 6)),
    ...detail.log
      .flatMap((line, index) => field(index === 0 ? 'log' : '', shortLog(line), page, 6))
      .map((line) => c.dim(line)),
    ...detail.look.flatMap((line) => field('look', asCalled(line, page.program), whole, 6)),
  ];
}

function notCovered(verdict: Verdict, page: Page): string[] {
  return field('not covered', verdict.notCovered.join(', '), page).map((line) => page.c.dim(line));
}

function rows(list: { label: string; value: string }[], page: Page): string[] {
  return list.flatMap(({ label, value }) => field(label, value, page));
}

function field(label: string, value: string, page: Page, indent = 2): string[] {
  const column = indent > 2 ? 10 : 13;
  return labelled(label, value, { indent, column, ...(page.width === undefined ? {} : { width: page.width }) });
}

function inOutcomeColour(outcome: Outcome, text: string, c: Colours): string {
  if (outcome === 'passed') return c.green(text);
  return outcome === 'failed' ? c.red(text) : c.yellow(text);
}

function inStatusColour(status: CheckResult['status'], text: string, c: Colours): string {
  const paint = { ok: c.green, failed: c.red, unverified: c.yellow, 'not-applicable': c.dim }[status];
  return paint(text);
}

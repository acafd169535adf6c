import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { evidenceRow, isHonest, liveRow, liveTry, sabotageReport, trySabotage } from '../../checks/sabotage-table';
import { packageVersion } from '../../run/package';
import { exitCodes } from '../../record/outcome';
import { isSound, type SabotageReport, type SabotageRow } from '../../record/sabotage';
import { renderJson } from '../../../reports/json';
import { renderSabotageMarkdown, sabotageList } from '../../../reports/sabotage-markdown';
import { sabotagesByKind, sabotageTally } from '../../../reports/sabotage-summary';
import { renderSabotages } from '../../../reports/sabotage-text';
import { examples, type CommandLine, type DefineCommand } from '../command-line';
import { honestRuns } from '../honest-runs';
import { checkRunFlags, type CheckedRunFlags, type RunFlags } from '../run-options';
import { chooseSabotages, type ChosenSabotages, type RunSabotage } from '../sabotage-choice';
import { onStandardError } from '../screen';
import { shown } from '../shown-path';
import { tableText } from '../table';
import { usageError } from '../usage';
import { watchSession } from '../watched-session';

interface SabotageFlags extends RunFlags {
  evidence?: boolean;
  live?: boolean;
  cures?: boolean;
  list?: boolean;
  markdown?: boolean;
}

/** `pgdrill sabotage`: whether the checks notice what they must. */
export const defineSabotage: DefineCommand = (program, line) => {
  const command = program
    .command('sabotage')
    .description(
      'test the checks: spoil evidence and recoveries in known ways, and see exactly the right ones turn red',
    )
    .argument('[name...]', 'sabotages by id or glob; default all');
  withOptions(command)
    .addHelpText(
      'after',
      examples([
        ['pgdrill sabotage', 'all: first the evidence, then the drills (about a minute each)'],
        ['pgdrill sabotage --evidence', 'only functions on saved evidence: no container, less than a second'],
        ['pgdrill sabotage --live row-removed-after-recovery', 'one drill'],
        ['pgdrill sabotage --cures --jobs 2', 'every drill with cures, once without each: the verdict has to be red'],
        ["pgdrill sabotage 'row-*' --list", 'what there is, and what it must turn red'],
        ['pgdrill sabotage --evidence --json | jq .unturned', 'checks that none turns red'],
      ]),
    )
    .addHelpText(
      'after',
      `\nExit code 0 only if each turned exactly its checks red, and each recovery that lacked a cure was red at all: fewer or
more is missed, and so is a drill that could not be run; one that this machine lacks something for is skipped. Drills leave their reports and sabotage.md in the report folder; --evidence leaves nothing.`,
    )
    .action(async (names: string[], flags: SabotageFlags) => {
      const all = !flags.evidence && !flags.live && !flags.cures;
      if (flags.json && flags.markdown)
        throw usageError('--json and --markdown exclude each other', 'give one of them');
      const checked = await checkRunFlags(flags);
      const chosen = await chooseSabotages(names, {
        evidence: all || (flags.evidence ?? false),
        live: all || (flags.live ?? false),
        cures: all || (flags.cures ?? false),
      });
      line.work = async () => (flags.list ? list(line, chosen, flags) : sabotage(line, chosen, flags, checked));
    });
};

function withOptions(command: Command): Command {
  return command
    .option('--evidence', 'only functions on saved evidence')
    .option('--live', 'only drills with one part replaced')
    .option('--cures', 'only drills with one cure left out')
    .option('--list', 'show what there is, and try nothing')
    .option('--markdown', 'the table as markdown on standard output')
    .option('--json', 'the table as JSON on standard output, all else on standard error')
    .option('--stack <name>', 'of the drills: versions under test: bookworm')
    .option('--seed <n>', 'of the drills: number that decides data and jitter')
    .option('--jobs <n>', 'drills at once; default one for every four cores')
    .option('--deadline-scale <factor>', 'multiply every deadline, for slow machines')
    .option('--report-dir <dir>', 'where the report goes; default reports/out')
    .option('-q, --quiet', 'of the drills: only the verdicts')
    .option('-v, --verbose', 'of the drills: show notes and every finding, too');
}

async function sabotage(
  line: CommandLine,
  chosen: ChosenSabotages,
  flags: SabotageFlags,
  checked: CheckedRunFlags,
): Promise<number> {
  const runs = chosen.evidence.length > 0 ? honestRuns() : [];
  const honest = runs.filter(isHonest);
  const rows = chosen.evidence.map((one) => trySabotage(one, honest));
  const drills = [...chosen.live, ...chosen.cures];
  const live = drills.length > 0 ? await runLive(line, drills, flags, checked, rows) : undefined;
  const report = sabotageReport([...rows, ...(live?.rows ?? [])], runs, {
    pgdrill: packageVersion(),
    all: chosen.allEvidence,
  });
  show(line, report, flags);
  if (live) {
    const file = path.join(live.dir, 'sabotage.md');
    writeFileSync(file, renderSabotageMarkdown(report));
    line.screen.complain(`table: ${shown(file)}`);
  }
  if (live?.interrupted) return exitCodes.interrupted;
  return isSound(report) ? exitCodes.passed : exitCodes.failed;
}

/** Runs the drills as `pgdrill run` does; their rows say what the checks said of each. */
async function runLive(
  line: CommandLine,
  live: readonly RunSabotage[],
  flags: SabotageFlags,
  checked: CheckedRunFlags,
  before: readonly SabotageRow[],
): Promise<{ rows: SabotageRow[]; dir: string; interrupted: boolean }> {
  // Standard output is for the table where a program reads it.
  const screen = flags.json || flags.markdown ? onStandardError(line.screen) : line.screen;
  if (before.length > 0) screen.print(`on evidence: ${sabotageTally(before)}`);
  const { session, exitCode } = await watchSession(
    screen,
    line.argv,
    live.map(({ drill }) => drill),
    { ...flags, json: false },
    checked,
  );
  const rows = live.map((one) => ({
    ...liveRow(one),
    tries: session.runs.filter(({ drill }) => drill === one.id).map((run) => liveTry(one, run)),
  }));
  return { rows, dir: session.dir, interrupted: exitCode === exitCodes.interrupted };
}

function show({ screen }: CommandLine, report: SabotageReport, flags: SabotageFlags): void {
  if (flags.json) screen.data(renderJson(report));
  else if (flags.markdown) screen.data(renderSabotageMarkdown(report));
  else {
    const width = screen.width === undefined ? {} : { width: screen.width };
    screen.print(`\n${renderSabotages(report, { colour: screen.colour, ...width })}`);
  }
}

function list({ screen }: CommandLine, { evidence, live, cures }: ChosenSabotages, flags: SabotageFlags): number {
  const rows = [...evidence.map(evidenceRow), ...[...live, ...cures].map(liveRow)];
  if (flags.json) screen.data(renderJson(rows));
  else if (flags.markdown) {
    screen.data(
      `${sabotagesByKind(rows)
        .map((group) => sabotageList(group.rows))
        .join('\n\n')}\n`,
    );
  } else {
    const cells = rows.map(({ kind, id, failed, unverified, title }) => {
      return [id, kind, kind === 'cure' ? 'any' : failed.join(', ') || '–', unverified.join(', ') || '–', title];
    });
    screen.print(tableText(['sabotage', 'kind', 'turns red', 'turns unverified', 'what'], cells, screen.width));
  }
  return exitCodes.passed;
}

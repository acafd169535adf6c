import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isCheckout, packageRoot } from '../../../bin/machine/root.cjs';
import { datasetOf } from '../../../fixtures';
import { detectionPage } from '../../../reports/detection-markdown';
import { renderDetection } from '../../../reports/detection-text';
import { renderJson } from '../../../reports/json';
import type { Fault } from '../../drill/detect/fault';
import { findStack } from '../../engine/stacks';
import type { Detector } from '../../observe/detectors/detector';
import { expectedDetections } from '../../observe/detectors/expected';
import type { DetectionReport } from '../../record/detection';
import { exitCodes } from '../../record/outcome';
import { newSeed } from '../../run/random';
import { examples, type CommandLine, type DefineCommand } from '../command-line';
import { chooseDetectors, chooseFaults } from '../detect-choice';
import { detectSession } from '../detect-session';
import { takeInterrupts } from '../interruption';
import { checkRunFlags, type CheckedRunFlags, type RunFlags } from '../run-options';
import { RunResults } from '../run-results';
import { onStandardError } from '../screen';
import { shown } from '../shown-path';
import { tableText } from '../table';
import { defaultStack, usageError } from '../usage';
import { chooseView } from '../views/choose-view';

interface DetectFlags extends RunFlags {
  detectors?: string;
  list?: boolean;
  writeDocs?: boolean;
}

/** `pgdrill detect`: who notices what. */
export const defineDetect: DefineCommand = (program, line) => {
  program
    .command('detect')
    .description('let every fault happen to a cluster, and see which of an operator’s detectors notice it, and when')
    .argument('[fault...]', 'faults by name or glob; default all')
    .option('--detectors <names>', 'detectors by name or glob, joined by commas; default all')
    .option('--list', 'show what there is, and do nothing')
    .option('--write-docs', 'write the matrix into docs/detection.md, in a checkout of pgdrill')
    .option('--json', 'the matrix as JSON on standard output, all else on standard error')
    .option('--stack <name>', 'versions under test', defaultStack)
    .option('--dataset <name|path>', 'thai:tiny, thai:small, thai:medium, or a dump as pg_dump writes it', 'thai:tiny')
    .option('--nodes <n>', 'Patroni members, 2 to 5', '3')
    .option('--seed <n>', 'number that decides data, and what is left to chance')
    .option('--deadline-scale <factor>', 'multiply every deadline, for slow machines')
    .option('--report-dir <dir>', 'where the report goes; default reports/out')
    .option('-v, --verbose', 'show notes, too')
    .addHelpText(
      'after',
      examples([
        ['pgdrill detect', 'all faults, all detectors'],
        ["pgdrill detect 'heap-page-*'", 'some faults'],
        ["pgdrill detect --detectors 'barman-*,pg-waldump'", 'some detectors'],
        ['pgdrill detect --list', 'what there is'],
        ['pgdrill detect --json | jq .rows[0]', 'the matrix for a program'],
      ]),
    )
    .addHelpText(
      'after',
      `\nEach fault strikes a cluster of which every detector said that it is sound; then an ordinary day goes by (a commit, a
WAL switch, checkpoints, barman archive-wal), and each detector is asked. Exit code 0 only if every fault was noticed by
exactly those that docs/detection.md names. The matrix is matrix.md in the report folder.`,
    )
    .action(async (names: string[], flags: DetectFlags) => {
      const chosen = { faults: chooseFaults(names), detectors: chooseDetectors(flags.detectors) };
      const checked = await checkRunFlags({ ...flags, verbose: false });
      if (checked.overrides.nodes === 1) {
        throw usageError('--nodes is "1"; a damaged leader could not be copied anew', 'give 2 or more');
      }
      const whole = names.length === 0 && flags.detectors === undefined;
      if (flags.writeDocs && (!whole || !isCheckout(packageRoot()))) {
        throw usageError('--write-docs is for all faults and detectors, in a checkout of pgdrill', 'leave it out');
      }
      line.work = async () => (flags.list ? list(line, chosen, flags) : detect(line, chosen, flags, checked));
    });
};

interface Chosen {
  faults: readonly Fault[];
  detectors: readonly Detector[];
}

async function detect(
  line: CommandLine,
  chosen: Chosen,
  flags: DetectFlags,
  checked: CheckedRunFlags,
): Promise<number> {
  // Standard output is for the matrix where a program reads it.
  const screen = flags.json ? onStandardError(line.screen) : line.screen;
  const { overrides, deadlineScale, seed = newSeed() } = checked;
  const view = chooseView(screen, { drills: ['detect'], verbose: flags.verbose ?? false });
  const interruption = takeInterrupts(screen, (text) => view.print(`pgdrill: ${text}`));
  // The runs' watchdogs delete what is left.
  interruption.killSignal.addEventListener('abort', () => process.exit(exitCodes.interrupted), { once: true });
  try {
    const { dir, record, report } = await detectSession({
      ...chosen,
      arguments: [...line.argv],
      stack: findStack(overrides.stack ?? defaultStack),
      dataset: datasetOf(overrides.dataset ?? 'thai:tiny'),
      nodes: overrides.nodes ?? 3,
      seed,
      deadlineScale,
      ...(flags.reportDir === undefined ? {} : { reportDir: flags.reportDir }),
      signal: interruption.signal,
      onRunStarted: () => undefined,
      onEvent: (run, event) => view.event(run, event),
    });
    view.close();
    const width = screen.width === undefined ? {} : { width: screen.width };
    const results = new RunResults({ ...resultOptions, colour: screen.colour, width: screen.width, argv: line.argv });
    for (const run of record.runs) {
      results.started({ run: run.run, dir: path.join(dir, run.dir) });
      // What is not as expected stands below the matrix.
      if (run.stopped) screen.print(results.ended(run));
    }
    if (report) {
      if (flags.json) line.screen.data(renderJson(report));
      else
        screen.print(`\n${renderDetection(report, { colour: screen.colour, ...width, expected: expectedDetections })}`);
      if (flags.writeDocs && record.exitCode !== exitCodes.interrupted) writeDocs(report);
    }
    screen.print(`seed ${seed}; report: ${shown(path.join(dir, report ? 'matrix.md' : 'summary.md'))}`);
    return record.exitCode;
  } finally {
    view.close();
    interruption.stop();
  }
}

const resultOptions = { several: true, quiet: false, verbose: false, kept: false };

/** Between the marks of the page; the rest of it is written by hand. */
function writeDocs(report: DetectionReport): void {
  const file = path.join(packageRoot(), 'docs/detection.md');
  const text = readFileSync(file, 'utf8');
  const block = /(<!-- generated: matrix -->\n)[\s\S]*?(<!-- end -->)/;
  writeFileSync(
    file,
    text.replace(
      block,
      (_all, before: string, after: string) => `${before}${detectionPage(report).trimEnd()}\n${after}`,
    ),
  );
}

function list({ screen }: CommandLine, { faults, detectors }: Chosen, { json }: DetectFlags): number {
  if (json) {
    screen.data(
      renderJson({
        faults: faults.map(({ name, title, accident, options = {}, on }) => ({ name, title, accident, options, on })),
        detectors: detectors.map(({ name, head, title, wants }) => ({ name, head, title, wants })),
      }),
    );
    return exitCodes.passed;
  }
  const ofFaults = faults.map(({ name, title, accident, options = {}, on }) => {
    const given = Object.entries(options).map(([option, value]) => ` ${option} ${String(value)}`);
    return [name, `${accident}${given.join('')}${on === undefined ? '' : ` on ${on}`}`, title];
  });
  const ofDetectors = detectors.map(({ name, head, title, wants }) => [name, head, title, wants]);
  screen.print(tableText(['fault', 'accident', 'what'], ofFaults, screen.width));
  screen.print('');
  screen.print(tableText(['detector', '', 'what is asked', 'it wants'], ofDetectors, screen.width));
  return exitCodes.passed;
}

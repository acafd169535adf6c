import path from 'node:path';
import type { SessionRecord } from '../../record/session';
import { againCommand } from '../../../reports/again';
import { renderJson } from '../../../reports/json';
import { renderJunit } from '../../../reports/junit';
import { renderMarkdown, tally } from '../../../reports/markdown';
import { durationText } from '../../../reports/quantity';
import { renderRun } from '../../../reports/run-text';
import { examples, type CommandLine, type DefineCommand } from '../command-line';
import { programName } from '../program-name';
import { nameOf, savedSession } from '../saved-runs';
import { shown } from '../shown-path';
import { usageError } from '../usage';

const formats = ['text', 'markdown', 'junit', 'json'] as const;
type Format = (typeof formats)[number];

/** `pgdrill report`: shows a saved session, or one run of it, again. */
export const defineReport: DefineCommand = (program, line) => {
  program
    .command('report')
    .description('show the report of a saved session or run')
    .argument('[session|run]', 'folder, id or begin of an id', 'latest')
    .option('-v, --verbose', 'show every finding, also of checks that are fine')
    .option('--format <format>', formats.join(', '), 'text')
    .option('--report-dir <dir>', 'where sessions were saved')
    .addHelpText(
      'after',
      examples([
        ['pgdrill report', 'the last session'],
        ['pgdrill report latest --format markdown', 'for a pull request'],
        ['pgdrill report 20261121t0551 --format junit', 'for a CI server'],
      ]),
    )
    .action((name: string, flags: { format: string; reportDir?: string; verbose?: boolean }) => {
      const format = formats.find((one) => one === flags.format);
      if (!format) throw usageError(`there is no format "${flags.format}"`, `choose one of ${formats.join(', ')}`);
      line.work = async () => {
        const { record, dir, run } = savedSession(name, flags.reportDir);
        const chosen =
          run === undefined
            ? record
            : { ...record, runs: record.runs.filter((one) => one.run === run), notStarted: [] };
        if (format === 'text') line.screen.print(sessionText(chosen, dir, line, flags.verbose ?? false));
        else line.screen.data(rendered(chosen, format));
        return 0;
      };
    });
};

function rendered(record: SessionRecord, format: Exclude<Format, 'text'>): string {
  if (format === 'markdown') return renderMarkdown(record);
  return format === 'junit' ? renderJunit(record) : renderJson(record);
}

function sessionText(record: SessionRecord, dir: string, { screen }: CommandLine, all: boolean): string {
  const width = screen.width === undefined ? {} : { width: screen.width };
  const runs = record.runs.map((run) =>
    renderRun(run, {
      dir: shown(path.join(dir, run.dir)),
      name: nameOf({ run: run.run, dir: path.join(dir, run.dir) }),
      colour: screen.colour,
      again: againCommand(run.drill, run.seed, record.arguments, programName()),
      program: programName(),
      all,
      ...width,
    }),
  );
  return [...runs, `${tally(record)}, ${durationText(record.durationMs)}`].join('\n');
}

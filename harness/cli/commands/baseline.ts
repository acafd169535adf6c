import path from 'node:path';
import { countText, plural } from '../../../reports/quantity';
import { saveBaseline } from '../../observe/baseline-file';
import { exitCodes } from '../../record/outcome';
import type { SavedBaseline } from '../../record/saved-baseline';
import { examples, type CommandLine, type DefineCommand } from '../command-line';
import { onCluster } from '../on-cluster';
import { programName } from '../program-name';
import { scaleOf } from '../run-options';
import { usageError } from '../usage';

interface BaselineFlags {
  out?: string;
  cluster?: string;
  description?: string;
  deadlineScale?: string;
  json?: boolean;
}

/** `pgdrill baseline`: what a cluster holds now, in a file that a later recovery is held against. */
export const defineBaseline: DefineCommand = (program, line) => {
  program
    .command('baseline')
    .description('fingerprint a running cluster into a file, for `pgdrill pitr --baseline FILE`; changes nothing in it')
    .option('--out <file>', 'where to write it; FILE.rows.tsv is written beside it')
    .option('--cluster <run>', 'cluster of that run: its id, the begin of it, or latest')
    .option('--description <file>', 'cluster that pgdrill has not booted, described by this file')
    .option('--deadline-scale <factor>', 'multiply every deadline, for slow machines')
    .option('--json', 'what was taken as JSON on standard output')
    .addHelpText(
      'after',
      examples([
        ['pgdrill baseline --out before-release.json', 'the only cluster that is up'],
        ['pgdrill baseline --description prod.yml --out prod.json', "a cluster of one's own"],
      ]),
    )
    .addHelpText(
      'after',
      `\nA baseline says what has to be there at the recovery target: take it at a moment after which nothing is written until
the target, or of databases that are not written. The file holds sums and names, no rows and no password; the one
beside it holds keys of rows. Both can be read by their owner only.`,
    )
    .action((flags: BaselineFlags) => {
      const { out } = flags;
      if (out === undefined)
        throw usageError('no file was given for the baseline', `${programName()} baseline --out before.json`);
      const deadlineScale = scaleOf(flags.deadlineScale, process.env);
      line.work = () => baseline(line, { ...flags, out: path.resolve(out) }, deadlineScale);
    });
};

async function baseline(
  { screen }: CommandLine,
  flags: BaselineFlags & { out: string },
  deadlineScale: number,
): Promise<number> {
  return onCluster(screen, flags, { deadlineScale }, async ({ run, cluster, people }) => {
    const saved = await saveBaseline(run, cluster, flags.out);
    if (flags.json) screen.data(`${JSON.stringify({ file: flags.out, ...summary(saved) }, null, 2)}\n`);
    else people.print(inWords(flags.out, saved).join('\n'));
    return exitCodes.passed;
  });
}

function summary({ scope, origin, baseline: taken }: SavedBaseline) {
  const contents = Object.values(taken.databases);
  const tables = contents.flatMap((content) => Object.values(content.tables));
  return {
    scope,
    ...origin,
    takenOn: taken.takenOn,
    databases: Object.keys(taken.databases).sort(),
    tables: tables.length,
    rows: String(tables.reduce((sum, { rows }) => sum + BigInt(rows), 0n)),
  };
}

function inWords(file: string, saved: SavedBaseline): string[] {
  const { databases, tables, rows, takenOn, takenAt, lsn, timeline, methods } = summary(saved);
  return [
    `${plural(tables, 'table')} with ${countText(Number(rows))} rows in ${plural(databases.length, 'database')}: ${databases.join(', ')}`,
    `taken on ${takenOn} at ${takenAt}, LSN ${lsn}, timeline ${timeline}; rows digested by ${methods.join(' and ') || 'nothing: there are no tables'}`,
    `saved in ${file}`,
  ];
}

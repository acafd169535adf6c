import { examples, type DefineCommand } from '../command-line';
import { pitrSetting } from '../pitr/options';
import { pitrSession } from '../pitr/session';
import { rescueAsk, type RescueFlags } from '../rescue/options';
import { rescue } from '../rescue/rescue';

const more = `
A single PostgreSQL is restored beside the cluster, up to the target; then the rows are brought back on the leader, in one
transaction. The leader is never stopped, and no timeline is made.

--into
  keep       rows that are missing come back, rows that are there stay as they are (default)
  merge      and rows that differ get the values they had
  replace    and rows that were not there at the target go
  a table    schema.table, which must not exist: the rows, beside the table
A table that is gone is made anew as it was, whatever --into says.

Exit codes: 0 brought back and verified, 1 failed (nothing was changed, or it says what), 2 refused before anything was
touched, 64 wrong usage, 130 interrupted.`;

/** `pgdrill rescue`: one table, or some of its rows, brought back from a server beside the cluster. */
export const defineRescue: DefineCommand = (program, line) => {
  program
    .command('rescue')
    .description('bring back one table or some rows of it, while the leader goes on')
    .argument('<backup>', 'an id as Barman prints it, the begin of one, latest, or auto')
    .argument('<target>', "a time ('2026-01-23 12:30:00[.ffffff][zone]'), latest, immediate, xid:…, lsn:…, name:…")
    .requiredOption('--database <name>', 'the database that the table is in')
    .requiredOption('--table <schema.table>', 'the table, as the catalogue has its name')
    .option('--where <predicate>', 'SQL that chooses rows, by the values that they had at the target; default all')
    .option('--into <how>', 'keep (default), merge, replace, or the name of a table to make')
    .option('--cluster <run>', 'id of the run that booted it, the begin of one, or latest; default the only one kept')
    .option('--description <file>', 'a cluster that pgdrill has not booted (docs/clusters.md)')
    .option('--server <name>', "Barman's server; default the cluster's own")
    .option('--exclusive', 'stop just before the target')
    .option('--timeline <n>', "timeline that the target lies on; default the cluster's")
    .option('--dry-run', 'show what would change, and bring nothing back')
    .option('--json', 'events as JSON lines on standard output, all else on standard error')
    .option('-y, --yes', 'do not ask for confirmation')
    .option('--deadline-scale <factor>', 'multiply every deadline, for slow machines')
    .option('--report-dir <dir>', 'where the report goes; default reports/out')
    .option('-v, --verbose', 'show notes, too')
    .addHelpText('after', more)
    .addHelpText(
      'after',
      examples([
        [
          "pgdrill rescue auto '2026-01-23 12:30:00' --database shop --table public.orders",
          'what is missing comes back',
        ],
        ['pgdrill rescue … --where "city = \'Riga\'" --into merge --dry-run', 'what would change'],
      ]),
    )
    .action((backup: string, target: string, flags: RescueFlags) => {
      const ask = rescueAsk(backup, target, flags);
      const setting = pitrSetting(flags);
      line.work = () => pitrSession(line, setting, !ask.when.dryRun, (session) => rescue(session, ask));
    });
};

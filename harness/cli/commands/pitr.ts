import { examples, type CommandLine, type DefineCommand } from '../command-line';
import { status, resume, rollback } from '../pitr/begun';
import { chosenByPerson } from '../pitr/chosen';
import { pitrAction, pitrSetting, type PitrAction, type PitrFlags, type PitrSetting } from '../pitr/options';
import { recover } from '../pitr/recover';
import { pitrSession } from '../pitr/session';
import { checkExpectations } from '../pitr/verify';

const more = `
The target: a time ('2026-01-23 12:30:00[.ffffff][zone]'; without a zone it is read in the cluster's TimeZone), latest,
immediate, xid:736, lsn:0/3000148, name:before-release.
The backup: an id as Barman prints it, the begin of one, latest, or auto.

How far it goes:
  no --target               recovery files are made, the remaining steps are printed as commands
  --target                  restored in place on the node, not started
  --target --restore        replayed and promoted outside Patroni; the cluster's leader and other members go on
  --target … --auto-start   it becomes the leader, and every other member rejoins

PATRONI_CLUSTER_NAME names the cluster (Patroni's scope) where several are up.
Exit codes: 0 recovered and verified, 1 failed, 2 refused before anything was touched, 3 recovered but not verified,
64 wrong usage, 130 interrupted.`;

/** Codes given with `--force`, or `true` where it was given without one. */
type Codes = true | NonNullable<PitrFlags['force']>;

/** `pgdrill pitr`: point-in-time recovery of a Patroni cluster. */
export const definePitr: DefineCommand = (program, line) => {
  const collect = (value: string, all: string[] = []) => [...all, value];
  // Without a value commander sets `true`, with values what this makes of them.
  const codes = (value: string, all: Codes = []): Codes => [...(all === true ? [true as const] : all), value];
  program
    .command('pitr')
    .description('recover a cluster to a point in time: planned, reversible, verified')
    .usage(
      `<backup> <target> [options]
       pgdrill pitr status
       pgdrill pitr --resume [id] [--auto-start]
       pgdrill pitr --rollback [id] [--force]`,
    )
    .argument('[words...]', 'backup and target; or `status`; or the id of a recovery that has begun')
    .option('--cluster <run>', 'id of the run that booted it, the begin of one, or latest; default the only one kept')
    .option('--description <file>', 'a cluster that pgdrill has not booted (docs/clusters.md)')
    .option('--server <name>', "Barman's server; default the cluster's own")
    .option('--target <node>', 'recover on this member')
    .option('--restore', 'start the recovery, and promote at the target')
    .option('--auto-start', 'then make it the leader and bring every other member back')
    .option('--wal-method <method>', 'barman-wal-restore (default) or barman-get-wal')
    .option('--fence <when>', 'now (default): all members stopped first; cutover: the old leader goes on meanwhile')
    .option('--pause', 'stop at the target, readable, and ask before the promotion')
    .option('--inclusive', 'keep what the target itself names (default)')
    .option('--exclusive', 'stop just before it')
    .option('--timeline <n>', "timeline that the target lies on; default the cluster's")
    .option('--up-to-gap', 'with latest: as far as the archive goes without a gap')
    .option('--keep-old', 'keep old data directories, and the way back, also at the end')
    .option('--strategy <name>', 'isolated-node (default) or whole-cluster')
    .option('--dry-run', 'show the plan, change nothing')
    .option('--json', 'events as JSON lines on standard output, all else on standard error')
    .option('-y, --yes', 'do not ask for confirmation')
    .option('--force [codes]', 'take the risks of these refusals, by their codes; with --rollback also without', codes)
    .option('--baseline <file>', 'what to verify the data against: a file of `pgdrill baseline`')
    .option('--expect <sql>', 'what to verify: a query that has to be true; may be given more than once', collect)
    .option('--resume', 'go on with a recovery that was cut off, that failed, or that waits')
    .option('--rollback', 'take a recovery back: the old leader leads again with its data')
    .option('--deadline-scale <factor>', 'multiply every deadline, for slow machines')
    .option('--report-dir <dir>', 'where the report goes; default reports/out')
    .option('-v, --verbose', 'show notes, too')
    .addHelpText('after', more)
    .addHelpText(
      'after',
      examples([
        ['pgdrill pitr', 'at a terminal: choose server, backup, target and node'],
        ["pgdrill pitr auto '2026-01-23 12:30:00' --target db2 --dry-run", 'the plan'],
        ["pgdrill pitr 20260123T120000 '2026-01-23 12:30:00'", 'recovery files, and commands for the rest'],
        ["pgdrill pitr 20260123 '2026-01-23 12:29:59.5' --target db2 --restore", 'recover, promote, look'],
        ['pgdrill pitr latest latest --target db2 --restore --auto-start', 'the whole cluster'],
        ['pgdrill pitr --resume --auto-start', 'make a recovered node the cluster'],
        ['pgdrill pitr --rollback', 'the way back'],
      ]),
    )
    .action((words: string[], { force, ...given }: Omit<PitrFlags, 'force'> & { force?: Codes }) => {
      const flags: PitrFlags = {
        ...given,
        ...(force === undefined ? {} : { force: force === true ? [true] : force }),
      };
      const interactive = Boolean(process.stdin.isTTY && process.stdout.isTTY);
      const action = pitrAction(words, flags, interactive);
      const setting = pitrSetting(flags);
      checkExpectations(setting.expects);
      line.work = () => work(line, action, setting);
    });
};

function work(line: CommandLine, action: PitrAction, setting: PitrSetting): Promise<number> {
  // A folder is made where something is done that may have to be looked up.
  const keep =
    action.do === 'recover'
      ? !action.ask.dryRun
      : action.do === 'choose'
        ? !action.flags.dryRun
        : action.do !== 'status';
  return pitrSession(line, setting, keep, (session) => {
    switch (action.do) {
      case 'recover':
        return recover(session, action.ask);
      case 'choose':
        return chosenByPerson(session, action.flags);
      case 'status':
        return status(session);
      case 'resume':
        return resume(session, action);
      case 'rollback':
        return rollback(session, action);
    }
  });
}

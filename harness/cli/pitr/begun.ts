import { PgdrillError } from '../../record/errors';
import { exitCodes } from '../../record/outcome';
import { findJournals } from '../../recovery/journal';
import type { Journal } from '../../record/journal';
import type { PitrPlan, RecoveryResult } from '../../record/recovery';
import { raiseMode } from '../../recovery/plan/raise-mode';
import { isOver } from '../../recovery/plan/stands';
import { resumePitr } from '../../recovery/resume';
import { rollBack } from '../../recovery/rollback';
import { statusOf } from '../../recovery/status';
import { durationText, plural } from '../../../reports/quantity';
import { oneNamed } from '../naming';
import { onServer } from './barman-server-of';
import { confirm } from './confirm';
import type { PitrAction } from './options';
import { remainingLines, targetText } from './plan-text';
import { carriedOut, judgedBy, type AtWork } from './recover';
import type { PitrSession } from './session';
import { statusLines } from './status-text';
import { noteBefore } from './verify';

/** `pgdrill pitr status` @returns the exit code */
export async function status(session: PitrSession): Promise<number> {
  const { cluster, setting, view, command, width } = session;
  const all = await statusOf(cluster);
  if (setting.json) session.data(`${JSON.stringify(all, null, 2)}\n`);
  else view.print(statusLines(all, cluster.description.scope, command, width).join('\n'));
  return exitCodes.passed;
}

/** `pgdrill pitr --resume`: goes on with a recovery that was cut off, that failed, or that waits. @returns the exit code */
export async function resume(
  session: PitrSession,
  { id, autoStart, force }: Extract<PitrAction, { do: 'resume' }>,
): Promise<number> {
  const journal = await begunOne(session, id);
  const cluster = await clusterOf(session, journal);
  const mode = autoStart ? 'cluster' : journal.plan.mode;
  if (mode === 'files' && journal.state === 'waiting') return printRemaining(session, journal.plan);
  const plan = raiseMode(journal.plan, mode);
  const done = journal.steps.filter(({ state }) => state === 'done').length;
  session.view.print(
    `Going on with recovery ${plan.id} on ${plan.node}, to ${targetText(plan.target)}: ${done} of ${plural(plan.steps.length, 'step')} done\n`,
  );
  await confirmed(session, mode, `go on with recovery ${plan.id} of ${cluster.description.scope}`);
  session.run.recorder.record({ kind: 'recovery-planned', episode: 0, plan });
  const work: AtWork = { cluster, request: { ...journal.request, mode, fence: plan.fence }, plan };
  await noteBefore(session.run, cluster, { ...work, ...judgedBy(session) });
  return carriedOut(session, work, (context) => resumePitr(context, journal, { mode, force }), undefined);
}

/** A recovery whose files are made goes on in a person's hands. */
function printRemaining({ view, command }: PitrSession, { id, remaining = [] }: PitrPlan): number {
  const head = `The files of recovery ${id} are made. What is left to do, in this order (it can be pasted into a shell):`;
  view.print(`${head}\n\n${remainingLines(remaining).join('\n')}\n`);
  view.print(`Or remove the files: ${command} --rollback ${id}`);
  return exitCodes.passed;
}

/** `pgdrill pitr --rollback`: the old leader leads again, with its data. @returns the exit code */
export async function rollback(
  session: PitrSession,
  { id, force, takeOver }: Extract<PitrAction, { do: 'rollback' }>,
): Promise<number> {
  const { run, view, command, report } = session;
  const journal = await begunOne(session, id);
  const cluster = await clusterOf(session, journal);
  const { plan } = journal;
  view.print(`Taking back recovery ${plan.id} on ${plan.node}, to ${targetText(plan.target)}\n`);
  await confirmed(
    session,
    plan.mode === 'files' ? 'files' : 'cluster',
    `take back recovery ${plan.id} of ${cluster.description.scope}`,
  );
  const context = { run, cluster, episode: 0, checkThere: () => Promise.resolve([]) };
  let result: RecoveryResult;
  try {
    result = await rollBack(context, journal, { force, takeOver });
  } catch (error) {
    // A refusal has changed nothing, and is told like every other.
    if (error instanceof PgdrillError && refusals.has(error.code)) throw error;
    const code = session.failed(error);
    view.print(`\nThe rollback stopped half-way; to finish it: ${command} --rollback ${plan.id}`);
    return code;
  }
  run.recorder.record({ kind: 'recovered', episode: 0, recovery: result });
  view.print(rolledBackLines(result, plan, cluster.description.scope, report).join('\n'));
  return exitCodes.passed;
}

/** Refusals of a rollback that come before anything is touched. */
const refusals: ReadonlySet<string> = new Set([
  'PGDRILL_WRITES_ACKNOWLEDGED',
  'PGDRILL_NO_WAY_BACK',
  'PGDRILL_MEMBER_STOPPED',
  'PGDRILL_RECOVERY_RUNNING',
  'PGDRILL_RECOVERY_OVER',
]);

/** What is said at the end of a rollback. Pure. */
export function rolledBackLines(result: RecoveryResult, plan: PitrPlan, scope: string, report: string): string[] {
  const { rolledBack, durationMs } = result;
  if (plan.mode === 'files')
    return [
      '',
      `Rolled back: the recovery files are removed from Barman's container (${durationText(durationMs)})`,
      '',
      '  members      as they are: what was typed by hand is not taken back',
      `  report       ${report}`,
    ];
  const leads =
    rolledBack?.leader === undefined
      ? `${scope} is as it was before the recovery`
      : `${rolledBack.leader} leads ${scope} again`;
  return [
    '',
    `Rolled back: ${leads} (${durationText(durationMs)})`,
    '',
    ...(rolledBack && rolledBack.thrownAway > 0
      ? [`  thrown away  ${plural(rolledBack.thrownAway, 'transaction')} of the recovered leader`]
      : []),
    ...(rolledBack && rolledBack.copied.length > 0 ? [`  copied anew  ${rolledBack.copied.join(', ')}`] : []),
    ...(rolledBack?.quarantine === undefined
      ? []
      : [
          `  set aside    ${plural(rolledBack.quarantined, 'file')} of the new branch, in ${rolledBack.quarantine} on the Barman server`,
        ]),
    `  node         ${plan.node} has its old data again`,
    `  report       ${report}`,
  ];
}

/** The recovery that a person means: the only one, or by the begin of its id. @throws PGDRILL_UNKNOWN_RUN */
async function begunOne({ cluster, command }: PitrSession, id: string | undefined): Promise<Journal> {
  const journals = (await findJournals(cluster)).filter((journal) => !isOver(journal));
  // Files on Barman's side are in nobody's way: without an id, one that has changed a member is meant.
  const onMembers = journals.filter(({ plan }) => plan.mode !== 'files');
  const ids = (id === undefined && onMembers.length > 0 ? onMembers : journals).map(({ plan }) => plan.id);
  if (id === undefined && ids.length > 1)
    throw new PgdrillError(
      'PGDRILL_UNKNOWN_RUN',
      `${ids.length} recoveries of ${cluster.description.scope} are half-done: ${ids.join(', ')}`,
      `name one, by its id or the begin of it; ${command} status tells them apart`,
    );
  const none = 'nothing is left to do; a new recovery takes a backup and a target';
  const name = oneNamed(id ?? 'latest', ids, `a half-done recovery of ${cluster.description.scope}`, none);
  return journals.find(({ plan }) => plan.id === name)!;
}

/** The cluster with the Barman server that the recovery began on. */
async function clusterOf({ run, cluster }: PitrSession, journal: Journal) {
  return (await onServer(run, cluster, journal.backup.server)).cluster;
}

async function confirmed(
  { asker, cluster, setting }: PitrSession,
  mode: PitrPlan['mode'],
  what: string,
): Promise<void> {
  const { scope, origin } = cluster.description;
  await confirm(asker, { scope, foreign: origin === 'foreign', mode, what, yes: setting.yes });
}

import type { Cluster } from '../../cluster/cluster';
import { exitCodes } from '../../record/outcome';
import type { PitrRequest } from '../../record/journal';
import type { PitrPlan, RecoveryResult } from '../../record/recovery';
import { carryOut, type PitrContext } from '../../recovery/pitr';
import { saveClusterBefore } from './cluster-before';
import { confirm } from './confirm';
import { deciding } from './decide';
import { endingLines, exitCodeOfEnded, stoppedLines } from './ending';
import { refuseHalfDone } from './half-done';
import type { PitrAsk } from './options';
import { phaseBefore, phaseVerify, verifyWords } from './pitr-lines';
import { headingLines, planLines } from './plan-text';
import { plannedOf, type Planned } from './planned';
import { countDifferences, countRows, type RowCounts } from './row-counts';
import type { PitrSession } from './session';
import { noteBefore, verifyRecovered, type PitrVerification } from './verify';

const EPISODE = 0;

/** A new recovery: planned, shown, confirmed, carried out, verified. @returns the exit code */
export async function recover(session: PitrSession, ask: PitrAsk): Promise<number> {
  const { run, view, setting, width } = session;
  if (!ask.dryRun) await refuseHalfDone(session.cluster, session.command);
  const planned = await plannedOf(run, session.cluster, ask);
  const shown = { ...planned, ...(width === undefined ? {} : { width }) };
  if (planned.note !== undefined) view.print(planned.note);
  if (ask.dryRun) {
    if (setting.json) session.data(`${JSON.stringify(dryRunRecord(planned), null, 2)}\n`);
    else view.print(planLines(shown).join('\n'));
    return exitCodes.passed;
  }
  view.print(`${headingLines(shown).join('\n')}\n\n`);
  const { cluster, request, plan } = planned;
  await confirm(session.asker, {
    scope: planned.scope,
    foreign: cluster.description.origin === 'foreign',
    mode: plan.mode,
    what: whatIsDone(plan, planned.scope),
    yes: setting.yes,
  });
  run.recorder.record({ kind: 'recovery-planned', episode: EPISODE, plan });
  const counts = await inPhase(session, phaseBefore, 'save what the cluster looks like', async () => {
    const before = await saveClusterBefore(run, cluster);
    await noteBefore(run, cluster, { request, plan, ...judgedBy(session) });
    return { summary: before.summary, value: before.counts };
  });
  return carriedOut(session, { cluster, request, plan }, (context) => carryOut(context, request, plan), counts);
}

/** What a recovery, new or resumed, works on. */
export interface AtWork {
  cluster: Cluster;
  request: PitrRequest;
  plan: PitrPlan;
}

/**
 * Has the steps done, verifies what came back, and tells how it ended; where it stops half-way, how to go on or back.
 * @param counts rows before the recovery, for the look at the isolated node
 * @returns the exit code
 */
export async function carriedOut(
  session: PitrSession,
  work: AtWork,
  steps: (context: PitrContext) => Promise<RecoveryResult>,
  counts: RowCounts | undefined,
): Promise<number> {
  const { run, view, command, report, width } = session;
  const started = performance.now();
  const { cluster, request } = work;
  const done: string[] = [];
  let begun = false;
  const stopListening = run.recorder.listen((event) => {
    if (event.kind === 'step-started') begun = true;
    if (event.kind === 'step-ended' && event.outcome === 'done') done.push(event.step);
  });
  let result: RecoveryResult;
  try {
    result = await steps({
      run,
      cluster,
      episode: EPISODE,
      checkThere: async (name) =>
        counts
          ? countDifferences(counts, await countRows(run, cluster.member(name)))
          : ['not compared: the rows from before are in the cluster-before.json of the run that began it'],
      ...deciding(session, cluster),
    });
  } catch (error) {
    const code = session.failed(error);
    const { plan } = work;
    const interrupted = code === exitCodes.interrupted;
    view.print(stoppedLines({ interrupted, done, steps: plan.steps, begun, id: plan.id, command, report }).join('\n'));
    return code;
  } finally {
    stopListening();
  }
  // The steps of a recovery that went further than its plan at first are in the plan of its result.
  const plan = { ...work.plan, ...result.plan } as PitrPlan;
  run.recorder.record({ kind: 'recovered', episode: EPISODE, recovery: result });
  const verification = replayed(result) ? await verify(session, { ...work, plan }, result) : undefined;
  view.print(
    endingLines({
      request,
      plan,
      result,
      scope: cluster.description.scope,
      ...(verification ? { verification } : {}),
      durationMs: performance.now() - started,
      command,
      containerOf: (member) => cluster.member(member).container.name,
      report,
      ...(width === undefined ? {} : { width }),
    }).join('\n'),
  );
  return exitCodeOfEnded(verification ? { verification } : {});
}

/** Whether it came to an end that can be verified: what was only put in place, or waits at its target, cannot. */
function replayed({ newTimeline }: RecoveryResult): boolean {
  return newTimeline !== undefined;
}

async function verify(session: PitrSession, work: AtWork, result: RecoveryResult): Promise<PitrVerification> {
  const { run } = session;
  const { cluster, request, plan } = work;
  return inPhase(session, phaseVerify, 'verify what came back', async () => {
    const value = await verifyRecovered(run, cluster, { request, plan, result, ...judgedBy(session) });
    const { outcome } = value;
    const summary = verifyWords[outcome === 'passed' || outcome === 'failed' ? outcome : 'unverified'];
    return { summary, value };
  });
}

/** What the command line says that has to be there afterwards. */
export function judgedBy({ setting }: PitrSession): { baseline?: string; expects: readonly string[] } {
  return { ...(setting.baseline === undefined ? {} : { baseline: setting.baseline }), expects: setting.expects };
}

/** One numbered step that is not of the plan. */
async function inPhase<T>(
  { run }: PitrSession,
  phase: string,
  title: string,
  work: () => Promise<{ summary: string; value: T }>,
): Promise<T> {
  const started = performance.now();
  const took = () => Math.round(performance.now() - started);
  run.recorder.record({ kind: 'phase-started', phase, title });
  try {
    const { summary, value } = await work();
    run.recorder.record({ kind: 'phase-ended', phase, title, outcome: 'done', durationMs: took(), summary });
    return value;
  } catch (error) {
    run.recorder.record({ kind: 'phase-ended', phase, title, outcome: 'failed', durationMs: took() });
    throw error;
  }
}

function whatIsDone({ mode, node, others }: PitrPlan, scope: string): string {
  const rest = others.length === 0 ? '' : `, and have ${others.map(({ member }) => member).join(' and ')} follow it`;
  switch (mode) {
    case 'files':
      return `make recovery files of ${scope} on its Barman server`;
    case 'apply':
      return `replace the data of ${node} in ${scope}`;
    case 'restore':
      return `take ${node} out of ${scope} and recover there`;
    case 'cluster':
      return `recover ${scope} on ${node}, make it the leader${rest}`;
  }
}

/** What `--dry-run --json` prints: the plan, and what it rests on. */
function dryRunRecord({ plan, request, backup, held, reading }: Planned): Record<string, unknown> {
  return {
    ...plan,
    request,
    ...(backup ? { chosenBackup: backup } : {}),
    segmentsNotArchivedYet: plan.segments.filter((name) => !held.includes(name)),
    ...(reading === undefined ? {} : { reading }),
  };
}

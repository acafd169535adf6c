import { exitCodes } from '../../record/outcome';
import type { RecoveryResult } from '../../record/recovery';
import { openRescue } from '../../recovery/surgical/open-rescue';
import { narrator } from '../../recovery/narrator';
import { confirm } from '../pitr/confirm';
import { onServer } from '../pitr/barman-server-of';
import type { PitrSession } from '../pitr/session';
import { readTarget } from '../pitr/target-moment';
import type { RescueAsk } from './options';
import { changeLines, remainingSteps, rescuedLines } from './rescue-text';

const EPISODE = 0;

/** A rescue: restored aside, compared, shown, confirmed, brought back, verified. @returns the exit code */
export async function rescue(session: PitrSession, ask: RescueAsk): Promise<number> {
  const { run, view, setting, report } = session;
  const { when, ...what } = ask;
  const { cluster } = await onServer(run, session.cluster, when.server);
  const leader = await cluster.leader();
  const [{ target, reading }, targetTimeline] = await Promise.all([
    readTarget(cluster, when.target, when.inclusive, when.written),
    when.timeline ?? leader.writtenTimeline(),
  ]);
  if (reading !== undefined && !setting.json) view.print(reading);
  const started = performance.now();
  const request = { target, targetTimeline, backup: when.backup, ...what };
  const open = await openRescue(run, cluster, request, narrator(run, EPISODE));
  try {
    const { plan, recorded } = open;
    if (when.dryRun) {
      if (setting.json) session.data(`${JSON.stringify({ ...plan, recovery: recorded }, null, 2)}\n`);
      else view.print(['', ...changeLines(plan, recorded), '', ...remainingSteps(plan)].join('\n'));
      return exitCodes.passed;
    }
    view.print(['', ...changeLines(plan, recorded), ''].join('\n'));
    await confirm(session.asker, {
      scope: cluster.description.scope,
      foreign: cluster.description.origin === 'foreign',
      mode: 'cluster',
      what: plan.steps[0]!.title,
      yes: setting.yes,
    });
    run.recorder.record({ kind: 'recovery-planned', episode: EPISODE, plan: recorded });
    const result = await carriedOut(session, () => open.carryOut());
    if (typeof result === 'number') return result;
    const recovery: RecoveryResult = {
      strategy: 'surgical',
      branch: 'none',
      plan: recorded,
      outcome: 'done',
      node: recorded.node,
      stop: open.stop,
      rescue: result,
      durationMs: Math.round(performance.now() - started),
    };
    run.recorder.record({ kind: 'recovered', episode: EPISODE, recovery });
    view.print(rescuedLines(result, recorded.node, report).join('\n'));
    return exitCodes.passed;
  } finally {
    await open.close();
  }
}

/** What fails once it has begun is told as such; all of it is one transaction, so there is nothing to go on with. */
async function carriedOut<T>(session: PitrSession, doing: () => Promise<T>): Promise<T | number> {
  try {
    return await doing();
  } catch (error) {
    return session.failed(error);
  }
}

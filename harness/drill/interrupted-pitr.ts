import { PgdrillError } from '../record/errors';
import type { EventBody } from '../record/events';
import type { PitrRequest } from '../record/journal';
import type { PitrPlan, RecoveryResult } from '../record/recovery';
import { pitrRequest } from '../recovery/pitr';
import type { Recovery, RecoverContext } from '../recovery/recovery';
import type { TargetChoice } from '../recovery/targets';
import type { Random } from '../run/random';
import { pause } from '../run/until';
import { chooseCut, type Cut, type ExactCut } from './cut';
import { inOwnProcess, resultOf, type PitrEnd } from './pitr-process';
import type { PitrTask } from './pitr-task';

/** The codes by which a rollback is refused. */
const WRITES = 'PGDRILL_WRITES_ACKNOWLEDGED';
const GONE = 'PGDRILL_NO_WAY_BACK';

/**
 * A point-in-time recovery whose process is killed (SIGKILL), once or several times, each time gone on with or rolled back by
 * another process. After a rollback the old leader is asked for every row that was acknowledged on it, and the recovery is
 * done once more, so that the whole is judged like any other.
 * @param options.cuts where it is killed, one after the other, and what is done then
 */
export function interruptedPitr(
  options: { target: TargetChoice; timeline?: number; cuts: Cut[] } & Partial<
    Pick<PitrRequest, 'backup' | 'node' | 'fence' | 'walMethod' | 'strategy' | 'keepOld'>
  >,
): Recovery {
  const { target, timeline, cuts, ...asked } = options;
  return {
    name: 'interrupted-pitr',
    title: 'PITR whose process is killed on the way, then resumed or rolled back by another',
    recover(context) {
      const { incident, backup } = context;
      const request = () =>
        pitrRequest({
          backup: backup.id,
          ...asked,
          target: target(incident),
          targetTimeline: timeline ?? incident.before.timeline,
        });
      return new Interrupted(context, request).recover(cuts);
    },
  };
}

class Interrupted {
  private readonly random: Random;
  private processes = 0;
  private plan: PitrPlan | undefined;

  constructor(
    private readonly context: RecoverContext,
    private readonly request: () => PitrRequest,
  ) {
    this.random = context.run.random.derive('where a recovery is cut off');
  }

  async recover(cuts: readonly Cut[]): Promise<RecoveryResult> {
    let request = this.request();
    let task: PitrTask = { do: 'recover', request };
    for (const cut of cuts) {
      const { exact, end } = await this.cutOff(task, cut);
      if (end.how !== 'killed') {
        if (cut.at !== 'anywhere') throw this.notCut(cut, end);
        // It was over before the moment came: that moment is after its end.
        return resultOf(end);
      }
      task = { do: 'resume', id: request.id };
      if (exact?.then !== 'rollback' || !(await this.rolledBack(request.id, exact))) continue;
      request = this.request();
      task = { do: 'recover', request };
    }
    return resultOf(await this.inProcess(task));
  }

  /** Kills the process of a task at a moment of its own. */
  private async cutOff(task: PitrTask, cut: Cut): Promise<{ exact?: ExactCut; end: PitrEnd }> {
    const { run } = this.context;
    let exact: ExactCut | undefined;
    if (this.plan)
      exact = chooseCut(
        cut,
        this.plan.steps.map(({ id }) => id),
        this.random,
      );
    const end = await this.inProcess(task, (event, kill) => {
      if (event.kind === 'recovery-planned')
        exact = chooseCut(
          cut,
          event.plan.steps.map(({ id }) => id),
          this.random,
        );
      if (!exact || !('step' in event) || event.step !== exact.at) return;
      if (event.kind === 'step-ended' || exact.afterMs === 0) kill();
      // A moment is drawn, no condition awaited: whatever it is at by then is cut off. One that has ended is left alone.
      else void pause(exact.afterMs, run.signal).then(kill);
    });
    if (end.how === 'killed' && exact)
      run.note(`the process of the recovery was killed in ${exact.at}, at most ${exact.afterMs} ms after it began`);
    return { ...(exact ? { exact } : {}), end };
  }

  /** @returns whether it is rolled back; with `anywhere` there may be no way back any more, which is told */
  private async rolledBack(id: string, cut: ExactCut): Promise<boolean> {
    const { run } = this.context;
    let end = await this.rollBack(id, false, cut);
    const code = end.how === 'failed' ? end.error.code : undefined;
    if (cut.refused !== undefined && code !== cut.refused) throw notRefused(cut.refused, end);
    if (end.how === 'failed' && (code === WRITES || code === GONE)) {
      run.note(`the rollback is refused: ${end.error.what}`);
      if (code === GONE && cut.anywhere) return false;
      if (code === WRITES && cut.force) end = await this.rollBack(id, true, cut);
    }
    const { rolledBack } = resultOf(end);
    const leader = rolledBack?.leader ?? (await this.context.cluster.leader()).name;
    const held = await this.context.holdsAcknowledged?.(leader, { givenUpOn: this.plan?.node });
    run.note(
      `rolled back: ${leader} leads again, ${rolledBack?.thrownAway ?? 0} transactions thrown away, ${rolledBack?.quarantined ?? 0} archived files put aside; ${held ?? 'its rows were not looked at'}`,
    );
    return true;
  }

  /** Rolls back; where the cut says so the process that does it is killed on its way, and another one finishes it. */
  private async rollBack(id: string, force: boolean, { rollbackKilled }: ExactCut): Promise<PitrEnd> {
    const task: PitrTask = { do: 'rollback', id, force };
    if (!rollbackKilled) return this.inProcess(task);
    const { run } = this.context;
    let undo = 0;
    let killedIn = '';
    const end = await this.inProcess(task, (event, kill) => {
      if (event.kind !== 'step-started' || undo++ !== rollbackKilled.undo) return;
      killedIn = event.step;
      void pause(rollbackKilled.afterMs, run.signal).then(kill);
    });
    if (end.how !== 'killed') return end;
    run.note(`the process of the rollback was killed at most ${rollbackKilled.afterMs} ms after ${killedIn} began`);
    return this.inProcess(task);
  }

  private async inProcess(task: PitrTask, watch?: (event: EventBody, kill: () => void) => void): Promise<PitrEnd> {
    return inOwnProcess(this.context, task, (this.processes += 1), (event, kill) => {
      if (event.kind === 'recovery-planned') this.plan = event.plan as PitrPlan;
      watch?.(event, kill);
    });
  }

  private notCut(cut: Cut, end: PitrEnd): PgdrillError {
    const why = end.how === 'failed' ? `: ${end.error.code}, ${end.error.what}` : '';
    return new PgdrillError(
      'PGDRILL_NOT_INTERRUPTED',
      `the recovery was to be killed in ${cut.at}, and ${end.how === 'failed' ? 'failed' : 'ended'} before${why}`,
      'name a step of its plan that is not done yet',
    );
  }
}

function notRefused(code: string, end: PitrEnd): PgdrillError {
  const instead = end.how === 'failed' ? `it was with ${end.error.code}: ${end.error.what}` : 'it was not';
  return new PgdrillError(
    'PGDRILL_NOT_REFUSED',
    `the rollback was to be refused with ${code}, and ${instead}`,
    'look at what was acknowledged on the recovered leader, and when',
  );
}

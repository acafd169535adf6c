import { attachCluster } from '../cluster/attach';
import { connectEngine } from '../engine/connect';
import { describeError, PgdrillError, type ErrorRecord } from '../record/errors';
import type { RecoveryResult } from '../record/recovery';
import { findJournals } from '../recovery/journal';
import { carryOut, planPitr, type PitrContext } from '../recovery/pitr';
import { resumePitr } from '../recovery/resume';
import { rollBack } from '../recovery/rollback';
import { Run } from '../run/run';
import type { FromPitrProcess, PitrJob, ToPitrProcess } from './pitr-task';

/*
 * The process of one recovery of a drill, which may be killed at any moment: it shares nothing with its parent but the
 * cluster's containers. A later one finds what it has left by the journal.
 */
function main(): void {
  // A parent that is gone has nobody to tell; the run's watchdog removes the cluster.
  process.once('disconnect', () => process.exit(1));
  process.on('message', (message) => {
    const { kind, ...rest } = message as ToPitrProcess;
    if (kind !== 'job' || !('job' in rest)) return;
    void work(rest.job)
      .then(
        (result): FromPitrProcess => ({ kind: 'ended', result }),
        (error: unknown): FromPitrProcess => {
          console.error(error);
          return { kind: 'ended', error: describeError(error) };
        },
      )
      .then((last) => process.send?.(last, undefined, {}, () => process.exit(0)));
  });
}

async function work({ task, ...job }: PitrJob): Promise<RecoveryResult> {
  const run = new Run({
    id: job.runId,
    sessionDir: job.sessionDir,
    seed: job.seed,
    deadlineScale: job.deadlineScale,
  });
  run.recorder.listen(({ seq: _seq, at: _at, ...body }) => tell({ kind: 'event', body }));
  const cluster = await attachCluster(await connectEngine(), run, job.clusterRun, job.clusterName);
  const context: PitrContext = { run, cluster, episode: job.episode, checkThere: lookedAt };
  if (task.do === 'recover') {
    const plan = await planPitr(run, cluster, task.request);
    run.recorder.record({ kind: 'recovery-planned', episode: job.episode, plan });
    for (const text of plan.warnings) run.recorder.record({ kind: 'warning', text });
    return carryOut(context, task.request, plan);
  }
  const journal = (await findJournals(cluster)).find(({ plan }) => plan.id === task.id);
  if (!journal) {
    throw new PgdrillError(
      'PGDRILL_JOURNAL_MISSING',
      `no member of the cluster has a journal of recovery ${task.id}`,
      'it is over, or it was cut off before its first step: recover anew',
    );
  }
  return task.do === 'resume' ? resumePitr(context, journal) : rollBack(context, journal, { force: task.force });
}

/** The parent has the baseline to compare with. */
async function lookedAt(node: string): Promise<string[]> {
  const answer = new Promise<ToPitrProcess>((resolve) => {
    const listen = (message: unknown) => {
      if ((message as ToPitrProcess).kind !== 'looked') return;
      process.off('message', listen);
      resolve(message as ToPitrProcess);
    };
    process.on('message', listen);
  });
  tell({ kind: 'look', node });
  const looked = await answer;
  if (looked.kind === 'looked' && looked.said) return looked.said;
  const error: ErrorRecord = (looked.kind === 'looked' && looked.error) || { code: 'PGDRILL_UNEXPECTED', what: '' };
  throw new PgdrillError(error.code as `PGDRILL_${string}`, error.what, error.cure ?? '');
}

function tell(message: FromPitrProcess): void {
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
}

main();

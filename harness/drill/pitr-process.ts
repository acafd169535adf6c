import { fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';
import { describeError, PgdrillError, type ErrorRecord } from '../record/errors';
import type { EventBody } from '../record/events';
import type { RecoveryResult } from '../record/recovery';
import type { RecoverContext } from '../recovery/recovery';
import type { FromPitrProcess, PitrTask, ToPitrProcess } from './pitr-task';

/** What becomes of a recovery's events in the run of the drill. */
const told: readonly EventBody['kind'][] = ['recovery-planned', 'step-started', 'step-ended', 'note', 'warning'];

/** How a recovery's process ended. */
export type PitrEnd =
  { how: 'done'; result: RecoveryResult } | { how: 'failed'; error: ErrorRecord } | { how: 'killed' };

/** Called with each event; `kill` ends the process at once, as the kernel does it: nothing of it runs any more. */
export type PitrWatcher = (event: EventBody, kill: () => void) => void;

/**
 * Does one task in a process of its own, whose events are recorded in the drill's run.
 * @param number of the process in this run, for its folder: `recovery-1`
 */
export async function inOwnProcess(
  context: RecoverContext,
  task: PitrTask,
  number: number,
  watch: PitrWatcher = () => undefined,
): Promise<PitrEnd> {
  const { run, cluster, episode } = context;
  const runId = `recovery-${number}`;
  const folder = path.join(run.dir, runId);
  mkdirSync(folder, { recursive: true });
  const output = openSync(path.join(folder, 'child.log'), 'a', 0o600);
  const child = fork(path.join(__dirname, `pitr-child${path.extname(__filename)}`), [], {
    execArgv: ['--enable-source-maps', '-r', path.join(packageRoot(), 'bin/machine/register.cjs')],
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  const kill = () => void child.kill('SIGKILL');
  const forget = run.teardown.add(`recovery process ${number}`, 'undo', () => Promise.resolve(kill()));
  run.signal.addEventListener('abort', kill, { once: true });
  const send = (message: ToPitrProcess) => child.connected && child.send(message, () => undefined);
  let end: PitrEnd = { how: 'killed' };
  child.on('message', (message) => {
    const from = message as FromPitrProcess;
    if (from.kind === 'event') {
      if (told.includes(from.body.kind)) run.recorder.record(from.body);
      watch(from.body, kill);
    } else if (from.kind === 'look') {
      context.checkThere(from.node).then(
        (said) => send({ kind: 'looked', said }),
        (error: unknown) => send({ kind: 'looked', error: describeError(error) }),
      );
    } else if (from.result) end = { how: 'done', result: from.result };
    else end = { how: 'failed', error: from.error ?? { code: 'PGDRILL_UNEXPECTED', what: 'it did not say why' } };
  });
  const job = {
    task,
    clusterRun: cluster.description.run,
    clusterName: cluster.name,
    episode,
    sessionDir: run.dir,
    runId,
    seed: run.seed,
    deadlineScale: run.deadlineScale,
  };
  try {
    const drained = new Promise<void>((resolve) => child.once('disconnect', resolve));
    const exited = new Promise<void>((resolve, reject) => child.once('exit', () => resolve()).once('error', reject));
    send({ kind: 'job', job });
    // The exit may come before the last messages: the channel closes when all are read.
    await Promise.all([exited, drained]);
  } finally {
    run.signal.removeEventListener('abort', kill);
    forget();
  }
  return end;
}

/** The result of a task that had to come to its end. @throws what the process threw, PGDRILL_RECOVERY_KILLED */
export function resultOf(end: PitrEnd): RecoveryResult {
  if (end.how === 'done') return end.result;
  if (end.how === 'failed')
    throw new PgdrillError(end.error.code as `PGDRILL_${string}`, end.error.what, end.error.cure ?? '', {
      cause: end.error.cause,
    });
  throw new PgdrillError(
    'PGDRILL_RECOVERY_KILLED',
    'the process of the recovery was ended from outside',
    'its output is in child.log in the folder of the run; look for the kernel killing it for want of memory',
  );
}

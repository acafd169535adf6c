import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { variantOf } from '../drill/leave-out';
import { runDrill } from '../drill/run-drill';
import { describeError } from '../record/errors';
import type { RunEvent } from '../record/events';
import { exitCodeOf, exitCodes } from '../record/outcome';
import { Run } from '../run/run';
import { endInOrder } from './interrupts';
import type { Job, LastWord } from './job';
import { loadDrill } from './load-drill';
import { ParentLine } from './parent-line';

/*
 * The process of one drill. A plain Node process, for inside Jest's sandbox `e instanceof Error` is false for errors of
 * Node's core, and a timed-out body goes on running. It leads a process group of its own: a terminal's Ctrl-C reaches
 * it through its parent only, which waits for the verdict.
 */
async function main(): Promise<number> {
  const line = new ParentLine();
  const job = await line.job();
  if (!job) return exitCodes.interrupted;
  const { said, code } = await runJob(job, line);
  line.send({ kind: 'ended', said });
  await line.flush();
  return code;
}

async function runJob(job: Job, line: ParentLine): Promise<{ said: LastWord; code: number }> {
  let said: LastWord = { interrupted: false };
  let run: Run | undefined;
  try {
    const { without, expectRed, ...overrides } = job.overrides;
    const drill = variantOf(loadDrill(job.file), { without, expectRed });
    said = { ...said, drill: { id: drill.id, title: drill.title } };
    run = new Run({ id: job.runId, sessionDir: job.sessionDir, seed: job.seed, deadlineScale: job.deadlineScale });
    endInOrder(run, line, followEvents(run, line));
    const verdict = await runDrill(drill, run, {
      ...overrides,
      session: path.basename(job.sessionDir),
      file: job.file,
      arguments: job.arguments,
    });
    said = { ...said, outcome: verdict.outcome, interrupted: verdict.interrupted ?? false };
    return { said, code: exitCodeOf(verdict) };
  } catch (error) {
    console.error(error);
    // runDrill tells what went wrong in its verdict; what it throws all the same must not leave anything behind.
    await run?.teardown.run(run.deadlineScale);
    return { said: { ...said, error: describeError(error) }, code: exitCodes['not-run'] };
  } finally {
    if (run) redactLog(run);
  }
}

/** Hands each event on to the parent; returns how to ask for the phase that is running. */
function followEvents(run: Run, line: ParentLine): () => string {
  let phase = 'start';
  run.recorder.listen((event: RunEvent) => {
    if (event.kind === 'phase-started') phase = event.phase;
    line.send({ kind: 'event', event });
  });
  return () => phase;
}

/** What libraries printed does not pass through the recorder, so its secrets are taken out at the end. */
function redactLog(run: Run): void {
  const file = path.join(run.dir, 'child.log');
  const text = readFileSync(file, 'utf8');
  const clean = run.secrets.redact(text);
  if (clean !== text) writeFileSync(file, clean);
}

// Always an exit: a socket that some library left open must not keep a finished drill alive.
void main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(exitCodes['not-run']);
  },
);

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Cluster } from '../../cluster/cluster';
import { connectEngine } from '../../engine/connect';
import { describeError, PgdrillError } from '../../record/errors';
import type { EventBody, RunEvent } from '../../record/events';
import { exitCodes } from '../../record/outcome';
import { newId } from '../../run/ids';
import { packageVersion } from '../../run/package';
import { newSeed } from '../../run/random';
import { Run } from '../../run/run';
import { defaultReportDir, makeSessionDir } from '../../suite/report-dir';
import type { CommandLine } from '../command-line';
import { takeInterrupts } from '../interruption';
import { openCluster } from '../open-cluster';
import { problemText } from '../problem';
import { programName } from '../program-name';
import { onStandardError } from '../screen';
import { shellWord } from '../../formats/shell-word';
import { shown } from '../shown-path';
import { isUsage } from '../usage';
import { JsonView } from '../views/json-view';
import { terminalAsker, type Asker } from './asker';
import type { PitrSetting } from './options';
import { phaseBefore, phaseVerify } from './pitr-lines';
import { PitrView } from './pitr-view';

/** What one call of `pgdrill pitr` works with. */
export interface PitrSession {
  readonly run: Run;
  readonly cluster: Cluster;
  readonly setting: PitrSetting;
  readonly argv: readonly string[];
  readonly view: PitrView;
  readonly asker: Asker;
  /** Characters of a line, where somebody looks at it on a terminal. */
  readonly width: number | undefined;
  /** How the command is called for this cluster, to be typed again. */
  readonly command: string;
  /** Folder of the run, as a person would type it. */
  readonly report: string;
  /** Whether an interrupt has come. */
  interrupted(): boolean;
  /** A result for programs, on standard output. */
  data(text: string): void;
  /** Tells and records an error that ended the steps; returns the exit code. */
  failed(error: unknown): number;
}

/**
 * Brackets one call: a run with its folder, the view, the signals, the cluster. An error that ends it is told and recorded.
 * @param keep whether the run's folder is kept: it is not where nothing is done that anybody would look up
 * @returns the exit code
 */
export async function pitrSession(
  line: CommandLine,
  setting: PitrSetting,
  keep: boolean,
  work: (session: PitrSession) => Promise<number>,
): Promise<number> {
  const { screen } = line;
  const id = newId();
  const sessionDir = keep
    ? makeSessionDir(setting.reportDir ?? defaultReportDir(), id)
    : mkdtempSync(path.join(os.tmpdir(), 'pgdrill-pitr-'));
  const run = new Run({ id, sessionDir, seed: newSeed(), deadlineScale: setting.deadlineScale });
  const people = setting.json ? onStandardError(screen) : screen;
  const view = new PitrView(people, { verbose: setting.verbose });
  const json = setting.json && keep ? new JsonView(screen) : undefined;
  run.recorder.listen((event: RunEvent) => {
    json?.event(id, event);
    view.event(id, event);
  });
  const interruption = takeInterrupts(screen, (text) => view.print(`pgdrill: ${text}`));
  interruption.signal.addEventListener('abort', () => run.abort(interrupted(setting)), { once: true });
  // The journal knows how far it came; nothing of this process has to be removed.
  interruption.killSignal.addEventListener('abort', () => process.exit(exitCodes.interrupted), { once: true });
  const started = performance.now();
  let begun = false;
  /** The first line of the events says what the run is; nothing may come before it. */
  const begin = (cluster?: Cluster): void => {
    if (begun) return;
    begun = true;
    run.recorder.record(runStarted(run, line.argv, cluster));
  };
  /** Tells what ended the run: an interrupt of the whole explains better than what it broke on its way. */
  const tell = (error: unknown, phase: string): { reason: unknown; interrupted: boolean } => {
    const reason: unknown = run.signal.aborted && run.signal.reason instanceof PgdrillError ? run.signal.reason : error;
    const described = describeError(reason);
    const interrupted = described.code === 'PGDRILL_INTERRUPTED';
    begin();
    run.recorder.record({ kind: 'error', phase, ...described, interrupted });
    view.close();
    screen.complain(problemText(reason));
    return { reason, interrupted };
  };
  try {
    const cluster = await openCluster(await connectEngine({ remote: setting.description !== undefined }), run, setting);
    begin(cluster);
    return await work({
      run,
      cluster,
      setting,
      argv: line.argv,
      view,
      asker: terminalAsker({ json: setting.json, signal: interruption.signal }),
      width: people.width === undefined ? undefined : Math.min(people.width, 120),
      command: commandOf(setting),
      report: shown(run.dir),
      interrupted: () => interruption.signal.aborted,
      data: (text) => screen.data(text),
      failed: (error) => (tell(error, 'recover').interrupted ? exitCodes.interrupted : exitCodes.failed),
    });
  } catch (error) {
    const { reason, interrupted } = tell(error, 'plan');
    if (setting.json && !keep) screen.data(`${JSON.stringify({ refused: describeError(reason) }, null, 2)}\n`);
    if (isUsage(reason)) return exitCodes.usage;
    return interrupted ? exitCodes.interrupted : exitCodes['not-run'];
  } finally {
    run.recorder.record({ kind: 'run-ended', durationMs: Math.round(performance.now() - started), leftovers: [] });
    view.close();
    await run.teardown.run(run.deadlineScale);
    interruption.stop();
    if (!keep) rmSync(sessionDir, { recursive: true, force: true });
  }
}

function runStarted(run: Run, argv: readonly string[], cluster: Cluster | undefined): EventBody {
  return {
    kind: 'run-started',
    format: 1,
    pgdrill: packageVersion(),
    node: process.version,
    run: run.id,
    session: run.id,
    // The command's own name: `pgdrill rescue` works in such a session, too.
    drill: argv[0] ?? 'pitr',
    title: `${argv[0] === 'pitr' ? 'point-in-time recovery' : argv[0]}${cluster ? ` of ${cluster.description.scope}` : ''}`,
    stack: cluster?.description.stack ?? 'unknown',
    dataset: 'none',
    seed: run.seed,
    arguments: [...argv],
    objectives: { lostWrites: 0 },
    phases: [phaseBefore, 'recover', phaseVerify],
  };
}

/** Starting again, which cures other interrupted runs, is refused while a recovery is half-done. */
function interrupted(setting: PitrSetting): PgdrillError {
  return new PgdrillError(
    'PGDRILL_INTERRUPTED',
    'asked to stop',
    `${commandOf(setting)} status tells whether something is half-done, and how to go on or back`,
  );
}

/** How `pgdrill pitr` is called for the same cluster. */
export function commandOf({ cluster, description }: Pick<PitrSetting, 'cluster' | 'description'>): string {
  const which =
    cluster !== undefined
      ? ` --cluster ${shellWord(cluster)}`
      : description !== undefined
        ? ` --description ${shellWord(description)}`
        : '';
  return `${programName()} pitr${which}`;
}

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';
import { renderJunit } from '../../reports/junit';
import { renderMarkdown } from '../../reports/markdown';
import { PgdrillError } from '../record/errors';
import type { RunEvent } from '../record/events';
import { exitCodeOfAll, exitCodes } from '../record/outcome';
import type { SessionRecord, SessionRun } from '../record/session';
import { newId } from '../run/ids';
import { newSeed } from '../run/random';
import { nowText } from '../run/recorder';
import { DrillProcess } from './drill-process';
import type { RunOverrides } from './job';
import { defaultReportDir, makeSessionDir } from './report-dir';
import { RunSummary } from './run-summary';
import { jobsAtOnce } from './scheduler';

/** How the drills of a session are run. */
export interface SessionSettings {
  /** The drills, in the order in which they are started. Under bare Jest it is Jest that finds them. */
  drills?: readonly ChosenFile[];
  /** The command's own arguments, redacted; kept in the reports. */
  arguments: readonly string[];
  /** Folder in which the session's folder is made. Default: `defaultReportDir()`. */
  reportDir?: string;
  /** Seed of the first run of each drill; repeats count up from it. Default: one drawn for every run. */
  seed?: number;
  /** Runs of each drill. Default 1. */
  repeat?: number;
  deadlineScale?: number;
  overrides?: RunOverrides;
  /** Drills at once. Default: PGDRILL_JOBS, else one for every four cores. */
  jobs?: number;
  /** Starts no further run after one that did not pass. */
  failFast?: boolean;
  /** A skipped run counts as not run. */
  strict?: boolean;
  /** Before the run's process starts. */
  onRunStarted?(run: StartedRun): void;
  /** Each event of each run, as it is recorded. */
  onEvent?(runId: string, event: RunEvent): void;
  /** When the run's process is gone. */
  onRunEnded?(run: SessionRun): void;
}

/** A run at its start. */
export interface StartedRun {
  run: string;
  drill: string;
  title: string;
  seed: number;
  /** The run's folder, absolute. */
  dir: string;
}

/** What is known of a drill's file before it is loaded. */
export interface ChosenFile {
  file: string;
  id: string;
  title: string;
  /** Beside those of the session: of one drill several variants may be run. */
  overrides?: RunOverrides;
}

/**
 * One invocation while it goes on: starts the processes of its runs, hands on interrupts, keeps what came of each, and
 * writes the reports at the end. Jest's runner finds it by `OpenSession.current`.
 */
export class OpenSession {
  private static opened: OpenSession | undefined;

  readonly id = newId();
  /** Absolute. */
  readonly dir: string;
  readonly jobs: number;
  readonly repeat: number;
  private readonly started = nowText();
  private readonly startedAt = performance.now();
  private readonly runs: SessionRun[] = [];
  private readonly notStarted = new Set<string>();
  private readonly running = new Set<DrillProcess>();
  private interruptedBy: string | undefined;

  private constructor(private readonly settings: SessionSettings) {
    this.jobs = jobsAtOnce(settings.jobs);
    this.repeat = settings.repeat ?? 1;
    this.dir = makeSessionDir(path.resolve(settings.reportDir ?? defaultReportDir()), this.id);
  }

  /** The session of this process, while there is one. */
  static get current(): OpenSession | undefined {
    return OpenSession.opened;
  }

  /** @throws PGDRILL_SESSION_OPEN, PGDRILL_REPORT_DIR, PGDRILL_JOBS */
  static open(settings: SessionSettings): OpenSession {
    if (OpenSession.opened) {
      throw new PgdrillError(
        'PGDRILL_SESSION_OPEN',
        'this process runs a session already',
        'await its end before the next',
      );
    }
    return (OpenSession.opened = new OpenSession(settings));
  }

  /** What was chosen with this file: the drill, or variants of it. */
  chosen(file: string): readonly ChosenFile[] {
    return this.settings.drills?.filter((drill) => drill.file === file) ?? [];
  }

  /** The place of a file in the order of the session. */
  place(file: string): number {
    return this.settings.drills?.findIndex((drill) => drill.file === file) ?? 0;
  }

  /** Why no further run is started, in words, or undefined. */
  get over(): string | undefined {
    if (this.interruptedBy) return `interrupted: ${this.interruptedBy}`;
    const bad = this.settings.failFast ? this.runs.find((run) => run.exitCode !== exitCodes.passed) : undefined;
    return bad ? `--fail-fast: ${bad.drill} ${bad.outcome}` : undefined;
  }

  /**
   * Runs one drill once, in a process of its own.
   * @param nth which repeat it is, from 0
   * @param onEvent beside the session's own listener
   */
  async run(chosen: ChosenFile, nth: number, onEvent: (event: RunEvent) => void): Promise<SessionRun> {
    const seed = this.settings.seed === undefined ? newSeed() : this.settings.seed + nth;
    const head = { run: newId(), drill: chosen.id, title: chosen.title, seed };
    const summary = new RunSummary({ ...head, started: nowText() });
    const startedAt = performance.now();
    this.settings.onRunStarted?.({ ...head, dir: path.join(this.dir, head.run) });
    const job = {
      file: chosen.file,
      runId: head.run,
      sessionDir: this.dir,
      seed,
      deadlineScale: this.settings.deadlineScale ?? 1,
      overrides: { ...this.settings.overrides, ...chosen.overrides },
      arguments: [...this.settings.arguments],
    };
    const drill = new DrillProcess(job, (event) => {
      summary.take(event);
      onEvent(event);
      this.settings.onEvent?.(head.run, event);
    });
    this.running.add(drill);
    // An interrupt that came in the same turn found nothing to tell.
    if (this.interruptedBy) drill.interrupt(this.interruptedBy);
    const end = await drill.ended;
    this.running.delete(drill);
    const run = summary.result(
      end,
      this.interruptedBy !== undefined,
      performance.now() - startedAt,
      this.settings.strict ?? false,
    );
    this.runs.push(run);
    this.settings.onRunEnded?.(run);
    return run;
  }

  /** Notes a drill that was chosen and is not started, because the session is over. */
  passOver(drill: string): void {
    this.notStarted.add(drill);
  }

  /** The first interrupt: every run ends in order, and no further one starts. */
  interrupt(why: string): void {
    this.interruptedBy ??= why;
    for (const drill of this.running) drill.interrupt(why);
  }

  /** The second interrupt: every process ends at once; their watchdogs delete what they leave. */
  kill(): void {
    for (const drill of this.running) drill.kill();
  }

  /** Writes session.json, junit.xml and summary.md, and ends the session. */
  close(): SessionRecord {
    OpenSession.opened = undefined;
    const interrupted = this.interruptedBy === undefined ? [] : [exitCodes.interrupted];
    const record: SessionRecord = {
      format: 1,
      session: this.id,
      pgdrill: ownVersion(),
      node: process.versions.node,
      started: this.started,
      durationMs: Math.round(performance.now() - this.startedAt),
      arguments: [...this.settings.arguments],
      runs: [...this.runs].sort((a, b) => a.started.localeCompare(b.started)),
      notStarted: [...this.notStarted],
      exitCode: exitCodeOfAll([...interrupted, ...this.runs.map((run) => run.exitCode)]),
    };
    const write = (name: string, text: string): void => writeFileSync(path.join(this.dir, name), text);
    write('session.json', `${JSON.stringify(record, null, 2)}\n`);
    write('junit.xml', renderJunit(record));
    write('summary.md', renderMarkdown(record));
    return record;
  }
}

function ownVersion(): string {
  return (JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderDetectionMarkdown } from '../../reports/detection-markdown';
import { renderJson } from '../../reports/json';
import { renderJunit } from '../../reports/junit';
import { renderMarkdown } from '../../reports/markdown';
import { runDetection, type DetectionOptions } from '../drill/detect/run-detection';
import type { Fault } from '../drill/detect/fault';
import { expectedDetections } from '../observe/detectors/expected';
import { foldDetection, type DetectionReport } from '../record/detection';
import type { RunEvent } from '../record/events';
import { parseEvents } from '../record/fold';
import { exitCodeOfAll, exitCodes } from '../record/outcome';
import type { SessionRecord, SessionRun } from '../record/session';
import { newId } from '../run/ids';
import { packageVersion } from '../run/package';
import { nowText } from '../run/recorder';
import { Run } from '../run/run';
import { defaultReportDir, makeSessionDir } from '../suite/report-dir';
import { RunSummary } from '../suite/run-summary';

export interface DetectSettings extends Omit<DetectionOptions, 'session'> {
  seed: number;
  deadlineScale: number;
  reportDir?: string;
  signal: AbortSignal;
  onRunStarted(run: string): void;
  onEvent(run: string, event: RunEvent): void;
}

export interface DetectSession {
  dir: string;
  record: SessionRecord;
  /** Undefined where no run came so far that a detector was asked. */
  report: DetectionReport | undefined;
}

/**
 * Runs faults on one cluster after the other: a cluster that cannot be made sound again after a fault is given up, and the
 * faults that are left have a new one. Ends with a folder as every session's, and matrix.md in it.
 */
export async function detectSession(settings: DetectSettings): Promise<DetectSession> {
  const session = newId();
  const dir = makeSessionDir(path.resolve(settings.reportDir ?? defaultReportDir()), session);
  const started = nowText();
  const startedAt = performance.now();
  const runs: SessionRun[] = [];
  let left: readonly Fault[] = settings.faults;
  while (left.length > 0 && !settings.signal.aborted) {
    const { run, rest } = await oneRun(settings, { session, dir, faults: left });
    runs.push(run);
    // A cluster that came to nothing would come to nothing again.
    if (rest.length === left.length) break;
    left = rest;
  }
  const interrupted = settings.signal.aborted ? [exitCodes.interrupted] : [];
  const record: SessionRecord = {
    format: 1,
    session,
    pgdrill: packageVersion(),
    node: process.versions.node,
    started,
    durationMs: Math.round(performance.now() - startedAt),
    arguments: [...settings.arguments],
    runs,
    notStarted: [],
    exitCode: exitCodeOfAll([...interrupted, ...runs.map(({ exitCode }) => exitCode)]),
  };
  const report = foldDetection(runs.map(({ run }) => eventsOf(path.join(dir, run))));
  const write = (name: string, text: string): void => writeFileSync(path.join(dir, name), text);
  write('session.json', `${JSON.stringify(record, null, 2)}\n`);
  write('junit.xml', renderJunit(record));
  write('summary.md', renderMarkdown(record));
  if (report) {
    write('matrix.json', renderJson(report));
    write('matrix.md', renderDetectionMarkdown(report, expectedDetections));
  }
  return { dir, record, report };
}

async function oneRun(
  settings: DetectSettings,
  { session, dir, faults }: { session: string; dir: string; faults: readonly Fault[] },
): Promise<{ run: SessionRun; rest: readonly Fault[] }> {
  const { seed, deadlineScale, signal } = settings;
  const id = newId();
  const startedAt = performance.now();
  const summary = new RunSummary({ run: id, drill: 'detect', title: 'who notices what', seed, started: nowText() });
  settings.onRunStarted(id);
  const run = new Run({ id, sessionDir: dir, seed, deadlineScale });
  run.recorder.listen((event) => {
    summary.take(event);
    settings.onEvent(id, event);
  });
  const interrupt = (): void => run.interrupt('asked to stop');
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const { left } = await runDetection(run, { ...settings, session, faults });
    const ended = summary.result({ how: 'in order' }, signal.aborted, performance.now() - startedAt, false);
    return { run: ended, rest: left };
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

function eventsOf(dir: string): RunEvent[] {
  return parseEvents(readFileSync(path.join(dir, 'events.jsonl'), 'utf8')).events;
}

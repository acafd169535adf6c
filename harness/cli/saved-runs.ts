import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { PgdrillError } from '../record/errors';
import { sessionRecordSchema, type SessionRecord } from '../record/session';
import { defaultReportDir, latestLink } from '../suite/report-dir';
import { oneNamed } from './naming';
import { shown } from './shown-path';

/** What was written of one run. */
export interface SavedRun {
  run: string;
  /** Absolute. */
  dir: string;
}

const events = 'events.jsonl';
const sessionFile = 'session.json';

/**
 * The saved run that a person names: the path of its folder, its id or the begin of it, or `latest` (the last run of the
 * session started last).
 * @throws PGDRILL_UNKNOWN_RUN
 */
export function savedRun(name: string, reportDir = defaultReportDir()): SavedRun {
  if (name !== latestLink || existsSync(path.join(name, events))) {
    const given = path.resolve(name);
    if (existsSync(path.join(given, events))) return { run: path.basename(realpathSync(given)), dir: given };
  }
  const runs = name === latestLink ? runsIn(latestSession(reportDir)) : sessionsIn(reportDir).flatMap(runsIn);
  const byId = new Map(runs.map((run) => [run.run, run]));
  const found = byId.get(
    oneNamed(name, [...byId.keys()], `a run saved in ${reportDir}`, 'run a drill first: pgdrill run'),
  );
  if (!found) throw unknown(name, reportDir);
  return found;
}

/** What a person means by a name: one run, or all of a session. */
export interface SavedRuns {
  runs: SavedRun[];
  /** The folder that holds them, when it is that which was named. Absolute. */
  session?: string;
}

/**
 * The run, or the runs of the session, that a person names: as `savedRun`, and the path, id or begin of the id of a
 * session, or of any folder with runs in it. `latest` is the last run. Runs that a session's record names and whose
 * folder is gone are among them: what cannot be looked at is not passed over.
 * @throws PGDRILL_UNKNOWN_RUN
 */
export function savedRuns(name: string, reportDir = defaultReportDir()): SavedRuns {
  const given = path.resolve(name);
  const isPath = name.includes(path.sep) || name === '.' || name === '..';
  if (isPath && !existsSync(given)) throw notThere(`there is no folder ${given}`);
  if (name !== latestLink && existsSync(given) && !existsSync(path.join(given, events))) {
    const runs = runsOfSession(given);
    if (runs.length > 0) return { runs, session: given };
    if (isPath) throw notThere(`no run was saved in ${given}: neither it nor a folder in it holds an ${events}`);
  }
  const [only, ...others] = isPath ? [] : sessionsIn(reportDir).filter((dir) => path.basename(dir).startsWith(name));
  const isRun = sessionsIn(reportDir).some((dir) => runsIn(dir).some(({ run }) => run.startsWith(name)));
  if (name !== latestLink && only && others.length === 0 && !isRun) {
    const runs = runsOfSession(only);
    if (runs.length === 0) throw notThere(`the session ${only} saved no run`);
    return { runs, session: only };
  }
  return { runs: [savedRun(name, reportDir)] };
}

/**
 * The session that a person names: its folder, its id or the begin of it, `latest`, or a run of it.
 * @throws PGDRILL_UNKNOWN_RUN, PGDRILL_SESSION_UNREADABLE
 */
export function savedSession(
  name: string,
  reportDir = defaultReportDir(),
): { record: SessionRecord; dir: string; run?: string } {
  const given = path.resolve(name);
  if (existsSync(path.join(given, sessionFile))) return { record: readSession(given), dir: given };
  if (name === latestLink) {
    const dir = latestSession(reportDir);
    return { record: readSession(dir), dir };
  }
  const sessions = sessionsIn(reportDir).filter((dir) => path.basename(dir).startsWith(name));
  const [only] = sessions;
  if (only && sessions.length === 1) return { record: readSession(only), dir: only };
  const { run, dir } = savedRun(name, reportDir);
  return { record: readSession(path.dirname(dir)), dir: path.dirname(dir), run };
}

/** How `pgdrill check` finds a run again: by its id where runs are looked for, else by its folder. */
export function nameOf({ run, dir }: SavedRun): string {
  return dir.startsWith(`${defaultReportDir()}${path.sep}`) ? run : shown(dir);
}

function latestSession(reportDir: string): string {
  const link = path.join(reportDir, latestLink);
  if (!existsSync(link)) throw unknown(latestLink, reportDir);
  return realpathSync(link);
}

function sessionsIn(reportDir: string): string[] {
  return foldersIn(reportDir).filter((dir) => path.basename(dir) !== latestLink);
}

function runsIn(session: string): SavedRun[] {
  return foldersIn(session)
    .filter((dir) => existsSync(path.join(dir, events)))
    .map((dir) => ({ run: path.basename(dir), dir }));
}

/** Runs in a session's folder, and those that its record names beside them. */
function runsOfSession(dir: string): SavedRun[] {
  const there = runsIn(dir);
  const named = existsSync(path.join(dir, sessionFile)) ? runsOfRecord(dir) : [];
  const all = [...there, ...named.filter(({ run }) => !there.some((one) => one.run === run))];
  return all.sort((a, b) => (a.run < b.run ? -1 : 1));
}

function runsOfRecord(dir: string): SavedRun[] {
  try {
    return readSession(dir).runs.map((run) => ({ run: run.run, dir: path.join(dir, run.dir) }));
  } catch {
    // A session that was killed while it wrote: its runs are in its folder.
    return [];
  }
}

/** Folders in a folder, by name: ids sort by time. */
function foldersIn(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .sort()
    .map((name) => path.join(dir, name))
    .filter((full) => statSync(full, { throwIfNoEntry: false })?.isDirectory());
}

function readSession(dir: string): SessionRecord {
  const file = path.join(dir, sessionFile);
  try {
    return sessionRecordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new PgdrillError(
      'PGDRILL_SESSION_UNREADABLE',
      `${file} cannot be read as the record of a session`,
      'a session that was killed has none; its runs can be judged one by one with `pgdrill check`',
      { cause },
    );
  }
}

function unknown(name: string, reportDir: string): PgdrillError {
  return new PgdrillError(
    'PGDRILL_UNKNOWN_RUN',
    `no run called "${name}" was saved in ${reportDir}`,
    'give the id of a run, the begin of it, `latest`, or the path of its folder',
  );
}

function notThere(what: string): PgdrillError {
  return new PgdrillError(
    'PGDRILL_UNKNOWN_RUN',
    what,
    'give the id of a run or session, the begin of it, `latest`, or the path of its folder',
  );
}

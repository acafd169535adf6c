import { exitCodes } from '../record/outcome';
import type { ChosenFile } from '../suite/open-session';
import { runSession, type EndedSession } from '../suite/session';
import { takeInterrupts } from './interruption';
import type { CheckedRunFlags, RunFlags } from './run-options';
import { RunResults } from './run-results';
import type { Screen } from './screen';
import { chooseView } from './views/choose-view';

export interface Watched {
  session: EndedSession;
  exitCode: number;
}

/**
 * Runs drills, shows them while they run and each verdict at its end. Takes the signals over meanwhile.
 * @param screen where all of it is shown
 * @param argv the command's own arguments, for the reports
 * @returns the session, and the exit code of the table of outcomes
 */
export async function watchSession(
  screen: Screen,
  argv: readonly string[],
  drills: readonly ChosenFile[],
  flags: RunFlags,
  checked: CheckedRunFlags,
): Promise<Watched> {
  const { json = false, quiet = false, verbose = false } = flags;
  const { repeat, overrides, deadlineScale, seed, jobs } = checked;
  const view = chooseView(screen, {
    drills: drills.flatMap(({ id }) => Array<string>(repeat).fill(id)),
    json,
    quiet,
    verbose,
  });
  const interruption = takeInterrupts(screen, (text) => view.print(`pgdrill: ${text}`));
  const results = new RunResults({
    several: drills.length * repeat > 1,
    quiet,
    verbose,
    kept: overrides.keep ?? false,
    colour: screen.colour && !json,
    width: json ? undefined : screen.width,
    argv,
  });
  try {
    const session = await runSession({
      drills,
      arguments: argv,
      deadlineScale,
      repeat,
      overrides,
      ...(seed === undefined ? {} : { seed }),
      ...(jobs === undefined ? {} : { jobs }),
      ...(flags.reportDir === undefined ? {} : { reportDir: flags.reportDir }),
      failFast: flags.failFast ?? false,
      strict: flags.strict ?? false,
      signal: interruption.signal,
      killSignal: interruption.killSignal,
      onRunStarted: (run) => results.started(run),
      onEvent: (run, event) => view.event(run, event),
      onRunEnded: (run) => view.print(results.ended(run)),
    });
    view.close();
    const summary = results.summary(session);
    if (summary) view.print(summary);
    return { session, exitCode: interruption.signal.aborted ? exitCodes.interrupted : session.exitCode };
  } finally {
    view.close();
    interruption.stop();
  }
}

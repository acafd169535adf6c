import path from 'node:path';
import { createColors } from 'picocolors';
import type { SessionRun } from '../record/session';
import type { EndedSession } from '../suite/session';
import { againCommand } from '../../reports/again';
import { figureLine } from '../../reports/figure-rows';
import { tally } from '../../reports/markdown';
import { outcomeWord } from '../../reports/outcome-words';
import { durationText } from '../../reports/quantity';
import { renderRun } from '../../reports/run-text';
import { silenceCells, silenceHead, silenceRows } from '../../reports/silence';
import { programName } from './program-name';
import { nameOf } from './saved-runs';
import { shown } from './shown-path';
import { tableText } from './table';

export interface ResultOptions {
  /** Whether more than one run is to come: one that passed is one line then, and a table ends it all. */
  several: boolean;
  quiet: boolean;
  /** Show every finding. */
  verbose: boolean;
  /** Whether clusters are kept at the end. */
  kept: boolean;
  colour: boolean;
  width: number | undefined;
  /** The command's own arguments, to say how to run it again. */
  argv: readonly string[];
}

/** What a command says of each run at its end, and of all of them. */
export class RunResults {
  private readonly dirs = new Map<string, string>();

  constructor(private readonly options: ResultOptions) {}

  /** Notes where the report of a run will lie. */
  started(run: { run: string; dir: string }): void {
    this.dirs.set(run.run, run.dir);
  }

  /** The verdict of a run that has ended. */
  ended(run: SessionRun): string {
    const { several, quiet, verbose, kept, argv, colour, width } = this.options;
    const program = programName();
    const full = this.dirs.get(run.run) ?? '';
    const name = nameOf({ run: run.run, dir: full });
    const dir = shown(full);
    if (run.outcome === 'passed' && (several || quiet)) return this.oneLine(run, dir);
    const booted = run.phases.some(({ phase, outcome }) => phase === 'boot' && outcome === 'done');
    const keep =
      kept && booted && !run.interrupted ? [`${program} enter ${run.run}`, `${program} down ${run.run}`] : undefined;
    const again = againCommand(run.drill, run.seed, argv, program);
    return `\n${renderRun(run, { dir, name, colour, again, program, all: verbose, ...(width === undefined ? {} : { width }), ...(keep ? { keep } : {}) })}`;
  }

  /** What is said at the very end of a session of several runs; nothing after a single one. */
  summary(session: EndedSession): string | undefined {
    const { several, width } = this.options;
    const nothing = session.runs.length === 0;
    if (!several && !nothing) return undefined;
    const rows = session.runs.map((run) => [
      outcomeWord(run.outcome, run.interrupted),
      run.drill,
      String(run.seed),
      durationText(run.durationMs),
      run.verdict?.code ?? run.stopped?.code ?? figureLine(run.verdict?.figures ?? {}),
    ]);
    const table =
      rows.length > 0 ? [tableText(['outcome', 'drill', 'seed', 'took', 'what came of it'], rows, width), ''] : [];
    const silence = silenceRows(session).map(silenceCells);
    const silences =
      silence.length > 0
        ? ['longest time without an acknowledged write:', tableText(silenceHead, silence, width), '']
        : [];
    const never = session.notStarted.length > 0 ? [`never started: ${session.notStarted.join(', ')}`] : [];
    const report = `report: ${shown(path.join(session.dir, 'summary.md'))}`;
    return ['', ...table, ...silences, `${tally(session)}, ${durationText(session.durationMs)}`, ...never, report].join(
      '\n',
    );
  }

  private oneLine(run: SessionRun, dir: string): string {
    const c = createColors(this.options.colour);
    const figures = run.verdict ? figureLine(run.verdict.figures) : '';
    const facts = [durationText(run.durationMs), figures, `seed ${run.seed}`, dir].filter((text) => text !== '');
    return `${c.green('PASSED')} ${c.bold(run.drill)}  ${facts.join(', ')}`;
  }
}

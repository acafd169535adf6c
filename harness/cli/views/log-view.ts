import type { RunEvent } from '../../record/events';
import type { Screen } from '../screen';
import { eventRows } from './event-rows';
import { advance, nothingYet, runFacts, type RunProgress } from './progress';
import { clockOf, rowText, type Layout, type Row } from './row';
import type { View, ViewOptions } from './view';

/** A phase that takes longer than this says that it has begun (ms). */
const sayStartAfterMs = 2_000;
/** A phase that goes on and on says so this often (ms). */
const sayStillEveryMs = 30_000;

/** Lines for a log: one a phase as it ends, its steps under it; a phase that takes its time says so. Pure. */
export class LogLines {
  private readonly runs = new Map<string, { progress: RunProgress; saidMs?: number; startedAt?: string }>();
  private readonly layout: Layout;

  constructor(private readonly options: ViewOptions) {
    const several = options.drills.length > 1;
    this.layout = {
      width: 110,
      cut: false,
      // Steps have the longest names: `stop-isolated`.
      nameColumn: 15,
      drillColumn: several ? Math.max(...options.drills.map((id) => id.length)) : 0,
    };
  }

  /**
   * @param nowMs the viewer's clock in ms
   * @returns what to print for this event
   */
  of(run: string, event: RunEvent, nowMs: number): string[] {
    const state = this.runs.get(run) ?? { progress: nothingYet };
    const stepUnsaid = event.kind === 'step-ended' && state.saidMs === undefined;
    const lines = stepUnsaid ? this.begun(state.progress, clockOf(event.at), false) : [];
    state.progress = advance(state.progress, event, nowMs);
    if (event.kind === 'phase-started' || event.kind === 'phase-ended') state.saidMs = undefined;
    if (stepUnsaid) state.saidMs = nowMs;
    this.runs.set(run, state);
    const clock = clockOf(event.at);
    if (event.kind === 'run-started') {
      return [
        this.text({ clock, drill: event.drill, name: 'drill', text: `${event.drill}: ${event.title}` }),
        this.text({ clock, drill: event.drill, name: '', text: runFacts(event) }),
      ];
    }
    const rows = eventRows(event, this.options.verbose);
    return [
      ...lines,
      ...rows.map((row) => this.text({ ...row, clock, drill: state.progress.drill, sign: signOf(row) })),
    ];
  }

  /**
   * To be called about once a second.
   * @returns signs of life of phases that take long
   */
  tick(nowMs: number, clock: string): string[] {
    const lines: string[] = [];
    for (const state of this.runs.values()) {
      const { running } = state.progress;
      if (!running) continue;
      if (state.saidMs === undefined && nowMs - running.sinceMs >= sayStartAfterMs) {
        lines.push(...this.begun(state.progress, clock));
        state.saidMs = nowMs;
      } else if (state.saidMs !== undefined && nowMs - state.saidMs >= sayStillEveryMs) {
        state.saidMs = nowMs;
        const seconds = Math.round((nowMs - running.sinceMs) / 1000);
        const text = `… still at it after ${seconds} s${running.doing ? `: ${running.doing}` : ''}`;
        lines.push(this.text({ clock, drill: state.progress.drill, name: running.phase, text }));
      }
    }
    return lines;
  }

  /** @param doing say also what it is doing: not where the next line says it */
  private begun(progress: RunProgress, clock: string, doing = true): string[] {
    if (!progress.running) return [];
    const { running } = progress;
    const text = `… ${(doing && running.doing) || ''}`.trim();
    return [this.text({ clock, drill: progress.drill, name: running.phase, text })];
  }

  private text(row: Row): string {
    return rowText(row, this.layout);
  }
}

/** A log's signs are for what is wrong; what is done needs none. */
function signOf(row: { tone: string; sign?: string | undefined }): string | undefined {
  return row.tone === 'bad' || row.tone === 'doubtful' ? row.sign : undefined;
}

/** Shows a session as lines of a log. */
export class LogView implements View {
  private readonly lines: LogLines;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly screen: Screen,
    options: ViewOptions,
  ) {
    this.lines = new LogLines(options);
    this.timer = setInterval(
      () => this.show(this.lines.tick(performance.now(), clockOf(new Date().toISOString()))),
      500,
    );
    this.timer.unref();
  }

  event(run: string, event: RunEvent): void {
    this.show(this.lines.of(run, event, performance.now()));
  }

  print(text: string): void {
    this.screen.print(text);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private show(lines: string[]): void {
    for (const line of lines) this.screen.print(line);
  }
}

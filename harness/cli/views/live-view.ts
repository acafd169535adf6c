import { createColors } from 'picocolors';
import type { RunEvent } from '../../record/events';
import type { Screen } from '../screen';
import { eventRows, type RowTone } from './event-rows';
import { advance, nothingYet, runFacts, type RunProgress } from './progress';
import { cutText, rowText, type Layout, type Row } from './row';
import type { View, ViewOptions } from './view';

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

/**
 * What a terminal shows: lines that stay (phases and steps as they end), and below them a part that is drawn over (each
 * running phase with its clock, what it is doing, what comes then). What is done is never drawn over, so it survives a
 * resize, stays in the scroll-back, and a terminal of any height will do. Pure.
 */
export class LiveLines {
  private readonly runs = new Map<string, RunProgress>();
  private readonly c;
  private readonly drillColumn: number;

  constructor(
    private readonly options: ViewOptions,
    colour: boolean,
  ) {
    this.c = createColors(colour);
    this.drillColumn = options.drills.length > 1 ? Math.max(...options.drills.map((id) => id.length)) : 0;
  }

  /**
   * @param nowMs the viewer's clock in ms
   * @param width characters of a line
   * @returns lines that stay
   */
  of(run: string, event: RunEvent, nowMs: number, width: number): string[] {
    const progress = advance(this.runs.get(run) ?? nothingYet, event, nowMs);
    this.runs.set(run, progress);
    if (event.kind === 'run-started') {
      const head = cutText(`${event.drill}: ${event.title}`, width - 1);
      return [this.c.bold(head), this.c.dim(cutText(`  ${runFacts(event)}`, width - 1))];
    }
    return eventRows(event, this.options.verbose).map((row) =>
      this.paint(
        rowText({ ...row, drill: progress.drill, indent: (row.indent ?? 0) + 2 }, this.layout(row, width)),
        row,
      ),
    );
  }

  /**
   * The part that is drawn over.
   * @param rows lines that the terminal has room for
   */
  region(nowMs: number, width: number, rows: number): string[] {
    const frame = spinner[Math.floor(nowMs / frameMs) % spinner.length] ?? '*';
    const lines = [...this.runs.values()].flatMap((progress) => this.runningLines(progress, frame, nowMs, width));
    return lines.slice(0, Math.max(rows - 1, 1));
  }

  private runningLines(progress: RunProgress, frame: string, nowMs: number, width: number): string[] {
    const { running, pending, drill, ended } = progress;
    const layout = this.layout({}, width);
    const under = (text: string) =>
      this.c.dim(rowText({ drill: '', name: '', text, indent: 4 }, layout).slice(0, width - 1));
    const then = pending.length > 0 ? [under(`then ${pending.join(', ')}`)] : [];
    if (!running && (ended || progress === nothingYet)) return [];
    if (!running && pending.length > 0) return then;
    if (!running)
      return [rowText({ drill, sign: frame, name: 'clean-up', text: '…', indent: 2 }, layout).slice(0, width - 1)];
    const row = { drill, sign: frame, name: running.phase, text: running.doing ?? '…', indent: 2 };
    const head = rowText({ ...row, durationMs: nowMs - running.sinceMs }, layout).slice(0, width - 1);
    return [head.replace(frame, this.c.cyan(frame)), ...then];
  }

  private layout(row: { tone?: RowTone }, width: number): Layout {
    // What is wrong is shown in full, over several lines of the terminal if it must.
    const cut = row.tone !== 'bad' && row.tone !== 'doubtful';
    return { width: Math.min(width - 1, 120), cut, nameColumn: 19, drillColumn: this.drillColumn };
  }

  private paint(line: string, row: Row & { tone: RowTone }): string {
    const { c } = this;
    if (row.tone === 'bad') return c.red(line);
    if (row.tone === 'doubtful') return c.yellow(line);
    if (row.tone === 'quiet') return c.dim(line);
    return row.sign ? line.replace(row.sign, c.green(row.sign)) : line;
  }
}

/** Shows a session on a terminal, live. */
export class LiveView implements View {
  private readonly lines: LiveLines;
  private readonly timer: NodeJS.Timeout;
  private drawn = 0;
  private closed = false;
  private readonly restore = () => this.close();

  constructor(
    private readonly screen: Screen,
    options: ViewOptions,
  ) {
    this.lines = new LiveLines(options, screen.colour);
    this.timer = setInterval(() => this.show([]), frameMs);
    this.timer.unref();
    screen.draw(hideCursor);
    process.once('exit', this.restore);
  }

  event(run: string, event: RunEvent): void {
    this.show(this.lines.of(run, event, performance.now(), this.width));
  }

  print(text: string): void {
    this.show(text.replace(/\n$/, '').split('\n'));
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.timer);
    process.off('exit', this.restore);
    this.screen.draw(`${this.wipe()}${showCursor}`);
  }

  private get width(): number {
    return this.screen.width ?? 80;
  }

  private show(stay: readonly string[]): void {
    const region = this.closed ? [] : this.lines.region(performance.now(), this.width, this.screen.rows);
    const text = [...stay, ...region].map((line) => `${line}\n`).join('');
    this.screen.draw(`${this.wipe()}${text}`);
    this.drawn = region.length;
  }

  /** Back to the first line of the part that is drawn over, and all below cleared (ECMA-48: CUU, ED). */
  private wipe(): string {
    const up = this.drawn > 0 ? `\u001b[${this.drawn}A\r\u001b[J` : '';
    this.drawn = 0;
    return up;
  }
}

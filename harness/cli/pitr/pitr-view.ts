import type { RunEvent } from '../../record/events';
import type { Screen } from '../screen';
import type { View } from '../views/view';
import { PitrLines } from './pitr-lines';

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const frameMs = 100;
const lookMs = 500;

/** Shows a recovery: on a terminal with a part that is drawn over, else as lines. */
export class PitrView implements View {
  private readonly lines: PitrLines;
  private timer: NodeJS.Timeout | undefined;
  private drawn = 0;
  private closed = false;
  private suspended = false;
  private readonly restore = () => this.close();

  constructor(
    private readonly screen: Screen,
    options: { verbose: boolean },
  ) {
    this.lines = new PitrLines({ ...options, colour: screen.colour });
    this.timer = setInterval(() => this.tick(), screen.live ? frameMs : lookMs);
    this.timer.unref();
    process.once('exit', this.restore);
  }

  event(_run: string, event: RunEvent): void {
    this.show(this.lines.of(event, performance.now()));
  }

  print(text: string): void {
    this.show(text.replace(/\n$/, '').split('\n'));
  }

  /** Leaves the terminal to a question, until the answer is there. */
  async aside<T>(question: () => Promise<T>): Promise<T> {
    this.show([]);
    this.wipeNow();
    this.suspended = true;
    try {
      return await question();
    } finally {
      this.suspended = false;
    }
  }

  close(): void {
    if (this.closed) return;
    this.wipeNow();
    this.closed = true;
    clearInterval(this.timer);
    process.off('exit', this.restore);
  }

  private tick(): void {
    if (this.suspended) return;
    if (this.screen.live) this.show([]);
    else for (const line of this.lines.tick(performance.now())) this.screen.print(line);
  }

  private show(stay: readonly string[]): void {
    if (!this.screen.live || this.suspended) {
      for (const line of stay) this.screen.print(line);
      return;
    }
    const region = this.closed ? [] : this.lines.region(performance.now(), this.screen.width ?? 80, this.screen.rows);
    if (stay.length === 0 && region.length === 0 && this.drawn === 0) return;
    const wasDrawn = this.drawn > 0;
    const text = [...stay, ...region].map((line) => `${line}\n`).join('');
    const cursor = region.length > 0 && !wasDrawn ? hideCursor : region.length === 0 && wasDrawn ? showCursor : '';
    this.screen.draw(`${this.wipe()}${text}${cursor}`);
    this.drawn = region.length;
  }

  private wipeNow(): void {
    if (this.drawn > 0) this.screen.draw(`${this.wipe()}${showCursor}`);
  }

  /** Back to the first line of the part that is drawn over, and all below cleared (ECMA-48: CUU, ED). */
  private wipe(): string {
    const up = this.drawn > 0 ? `\u001b[${this.drawn}A\r\u001b[J` : '';
    this.drawn = 0;
    return up;
  }
}

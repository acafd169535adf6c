import { createColors } from 'picocolors';
import { durationText } from '../../../reports/quantity';
import { statusSigns } from '../../../reports/outcome-words';
import type { EventOf, RunEvent } from '../../record/events';
import { cutText, oneLine } from '../views/row';

/** A step that takes longer than this shows that it goes on (ms). */
const liveAfterMs = 2_000;
/** In a log, a step that goes on and on says so this often (ms). */
const sayStillEveryMs = 30_000;
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;

/** Phases of a recovery that are shown like its steps: before the plan's, and after them. */
export const phaseBefore = 'before';
export const phaseVerify = 'observe';

/** What the verification came to, as the summary of its step. */
export const verifyWords = { passed: 'verified', failed: 'something is wrong', unverified: 'not verified' } as const;

interface Going {
  id: string;
  sinceMs: number;
  saidMs: number;
  doing?: string;
}

/**
 * A recovery as people follow it: numbered steps, each with its title as it begins, and a tick, what was found and a
 * duration as it ends. What is printed is never drawn over; while steps go on, a part below it is. Pure.
 */
export class PitrLines {
  private readonly c;
  private numbers: string[] = [];
  private going: Going[] = [];
  /** The step whose title was printed last, while nothing else was printed below it. */
  private open: string | undefined;

  constructor(private readonly options: { colour: boolean; verbose?: boolean }) {
    this.c = createColors(options.colour);
  }

  /**
   * @param nowMs the viewer's clock in ms
   * @returns lines that stay
   */
  of(event: RunEvent, nowMs: number): string[] {
    switch (event.kind) {
      case 'recovery-planned':
        this.numbers = event.plan.steps.map((step) => step.id);
        return [];
      case 'phase-started':
        return this.isShown(event.phase) ? this.begun(event.phase, event.title, nowMs) : [];
      case 'phase-ended':
        return this.isShown(event.phase) ? this.ended(event.phase, event) : [];
      case 'step-started':
        return this.begun(event.step, event.title, nowMs);
      case 'step-ended':
        return this.ended(event.step, event);
      case 'note': {
        const last = this.going.at(-1);
        if (last) last.doing = event.text;
        return this.options.verbose ? this.below([this.c.dim(oneLine(event.text))]) : [];
      }
      case 'warning':
        return this.below([this.c.yellow(`warning: ${oneLine(event.text)}`)]);
      default:
        return [];
    }
  }

  /** The part that is drawn over: steps that have gone on for a while. */
  region(nowMs: number, width: number, rows: number): string[] {
    const frame = spinner[Math.floor(nowMs / frameMs) % spinner.length] ?? '*';
    return this.going
      .filter((step) => nowMs - step.sinceMs >= liveAfterMs)
      .map((step) => {
        const head = this.open === step.id ? this.indent : `${this.number(step.id)} `;
        const doing = step.doing === undefined ? '' : ` ${step.doing}`;
        const text = cutText(`${head}${frame} ${durationText(nowMs - step.sinceMs)}${doing}`, Math.max(width - 1, 20));
        return text.replace(frame, this.c.cyan(frame));
      })
      .slice(0, Math.max(rows - 2, 1));
  }

  /** To be called about once a second where nothing is drawn over: signs of life of steps that take long. */
  tick(nowMs: number): string[] {
    return this.going.flatMap((step) => {
      if (nowMs - Math.max(step.saidMs, step.sinceMs) < sayStillEveryMs) return [];
      step.saidMs = nowMs;
      const doing = step.doing === undefined ? '' : `: ${step.doing}`;
      return this.below(
        [
          `… ${this.open === step.id ? '' : `${step.id} `}still at it after ${durationText(nowMs - step.sinceMs)}${doing}`,
        ],
        true,
      );
    });
  }

  private isShown(phase: string): boolean {
    return phase === phaseBefore || phase === phaseVerify;
  }

  private begun(id: string, title: string, nowMs: number): string[] {
    this.going = [...this.going.filter((step) => step.id !== id), { id, sinceMs: nowMs, saidMs: nowMs }];
    this.open = id;
    return [`${this.c.bold(this.number(id))} ${title}`];
  }

  private ended(
    id: string,
    event: Pick<EventOf<'step-ended'>, 'outcome' | 'summary' | 'durationMs' | 'title'>,
  ): string[] {
    this.going = this.going.filter((step) => step.id !== id);
    const failed = event.outcome === 'failed';
    const wrong = failed || event.summary === verifyWords.failed;
    const doubtful = event.summary === verifyWords.unverified;
    const sign = wrong
      ? this.c.red(statusSigns.failed)
      : doubtful
        ? this.c.yellow(statusSigns.unverified)
        : this.c.green(statusSigns.ok);
    // Where another step has begun meanwhile, the line says whose it is.
    const head = this.open === id ? this.indent : `${this.number(id)} `;
    if (this.open === id) this.open = undefined;
    const found = oneLine(event.summary ?? (failed ? 'failed' : 'done'));
    return [`${head}${sign} ${found} ${this.c.dim(`(${durationText(event.durationMs)})`)}`];
  }

  /** Lines below what goes on. A sign of life leaves the step open: what it ends with still stands under its title. */
  private below(lines: string[], keepOpen = false): string[] {
    if (!keepOpen && this.going.length === 0) this.open = undefined;
    return lines.map((line) => `${this.indent}${line}`);
  }

  /** `[ 3/12]`, as the plan and `pitr status` number it; what is no step of the plan has a dot in its place. */
  private number(id: string): string {
    const { length } = this.numbers;
    if (length === 0) return '[·]';
    const all = String(length);
    const index = this.numbers.indexOf(id);
    const place = (index < 0 ? '·' : String(index + 1)).padStart(all.length);
    return `[${(index < 0 ? place : `${place}/${all}`).padEnd(2 * all.length + 1)}]`;
  }

  /** As wide as a number and the space behind it. */
  private get indent(): string {
    return ' '.repeat(this.number(this.numbers[0] ?? '').length + 1);
  }
}

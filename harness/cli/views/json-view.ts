import type { RunEvent } from '../../record/events';
import type { Screen } from '../screen';
import type { View } from './view';

/** Shows a session as JSON lines on standard output: each event with the run it is of. All else goes to standard error. */
export class JsonView implements View {
  constructor(private readonly screen: Screen) {}

  event(run: string, event: RunEvent): void {
    this.screen.data(`${JSON.stringify({ run, ...event })}\n`);
  }

  print(text: string): void {
    this.screen.complain(text);
  }

  close(): void {
    // Nothing was taken of the terminal.
  }
}

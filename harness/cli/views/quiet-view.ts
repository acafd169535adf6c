import type { RunEvent } from '../../record/events';
import type { Screen } from '../screen';
import type { View } from './view';

/** Shows nothing of a session but what the command prints itself: the verdicts. */
export class QuietView implements View {
  constructor(private readonly screen: Screen) {}

  event(_run: string, event: RunEvent): void {
    if (event.kind === 'error') this.screen.complain(`pgdrill: ${event.code}: ${event.what}`);
  }

  print(text: string): void {
    this.screen.print(text);
  }

  close(): void {
    // Nothing was taken of the terminal.
  }
}

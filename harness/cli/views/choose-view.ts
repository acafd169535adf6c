import type { Screen } from '../screen';
import { JsonView } from './json-view';
import { LiveView } from './live-view';
import { LogView } from './log-view';
import { QuietView } from './quiet-view';
import type { View, ViewOptions } from './view';

export interface ViewChoice extends ViewOptions {
  json?: boolean;
  quiet?: boolean;
}

/**
 * The view that fits: what was asked for, else live on a terminal, else lines for a log. With notes (`--verbose`) a log
 * reads better than what is drawn over.
 */
export function chooseView(screen: Screen, choice: ViewChoice): View {
  if (choice.json) return new JsonView(screen);
  if (choice.quiet) return new QuietView(screen);
  return screen.live && !choice.verbose ? new LiveView(screen, choice) : new LogView(screen, choice);
}

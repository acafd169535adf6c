import type { RunEvent } from '../../record/events';
import { statusSigns } from '../../../reports/outcome-words';
import { plural } from '../../../reports/quantity';
import { oneLine, type Row } from './row';

export type RowTone = 'plain' | 'good' | 'bad' | 'doubtful' | 'quiet' | 'head';

export interface EventRow extends Row {
  tone: RowTone;
}

/**
 * The lines that one event leaves in a view for good: phases and steps as they end, warnings, errors, and what the run
 * left behind. Pure.
 * @param verbose notes and findings, too
 */
export function eventRows(event: RunEvent, verbose = false): EventRow[] {
  switch (event.kind) {
    case 'phase-ended':
      return [ended(event, event.phase, 0)];
    case 'step-ended':
      return [ended(event, event.step, 2)];
    case 'note':
      return verbose ? [{ name: '', text: oneLine(event.text), tone: 'quiet', indent: 4 }] : [];
    case 'warning':
      return [{ name: 'warning', sign: statusSigns.unverified, text: oneLine(event.text), tone: 'doubtful' }];
    case 'error':
      return [
        { name: event.phase, sign: statusSigns.failed, text: `${event.code}: ${oneLine(event.what)}`, tone: 'bad' },
        ...(event.cause
          ? [{ name: '', text: `because: ${oneLine(event.cause)}`, tone: 'bad' as const, indent: 2 }]
          : []),
        ...(event.cure
          ? [{ name: '', text: `what to do: ${oneLine(event.cure)}`, tone: 'bad' as const, indent: 2 }]
          : []),
      ];
    case 'run-ended':
      return event.leftovers.length === 0
        ? []
        : [
            {
              name: 'left',
              sign: statusSigns.unverified,
              text: `${plural(event.leftovers.length, 'thing')} could not be removed: ${event.leftovers.join(', ')}`,
              tone: 'doubtful',
            },
          ];
    default:
      return [];
  }
}

function ended(
  event: { outcome: 'done' | 'failed'; title: string; summary?: string | undefined; durationMs: number },
  name: string,
  indent: number,
): EventRow {
  const failed = event.outcome === 'failed';
  return {
    name,
    sign: failed ? statusSigns.failed : statusSigns.ok,
    // The title says what should have come about; why it did not is the error that follows.
    text: oneLine(event.summary ?? (failed ? 'failed' : event.title)),
    durationMs: event.durationMs,
    indent,
    tone: failed ? 'bad' : indent > 0 ? 'quiet' : 'plain',
  };
}

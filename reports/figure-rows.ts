import type { Figures } from '../harness/record/verdict';
import { bytesText, countText, durationText } from './quantity';

export interface FigureRow {
  label: string;
  value: string;
}

/**
 * The figures of a verdict, in the order in which people ask for them: how long, how much was lost, how many writes.
 * What was not measured is said, not left out.
 */
export function figureRows(figures: Figures): FigureRow[] {
  return [
    { label: 'RTO, writes', value: time(figures.rtoWritesMs, 'from the accident to the first write acknowledged') },
    { label: 'RTO, full', value: time(figures.rtoFullMs, 'until every member streams on the new timeline') },
    ...(figures.silenceMs === undefined
      ? []
      : [{ label: 'silence', value: time(figures.silenceMs, 'without an acknowledged write, at the longest') }]),
    { label: 'RPO', value: time(figures.rpoMs, 'of acknowledged writes given up by the target') },
    {
      label: 'writes',
      value: counts([
        ['acknowledged', figures.acknowledged],
        ['recovered', figures.recovered],
        ['lost', figures.lost],
        ['phantom', figures.phantom],
        ['there by half', figures.half],
        ['left on an abandoned branch', figures.abandoned],
        ['without an answer', figures.indeterminate],
      ]),
    },
    ...(figures.lossBytes === undefined || figures.lossBoundBytes === undefined
      ? []
      : [
          {
            label: 'failover',
            value: `${countText(figures.abandoned ?? 0)} acknowledged writes lost; ${bytesText(figures.lossBytes)} of WAL left behind, by nature at most ${bytesText(figures.lossBoundBytes)}`,
          },
        ]),
    {
      label: 'discarded',
      value: counts([
        ['before the fence', figures.discardedBefore],
        ['after it', figures.discardedDuring],
      ]),
    },
    { label: 'resumed', value: counts([['acknowledged by the recovered leader', figures.resumed]]) },
  ];
}

/** The figures on one line, for a table of runs. */
export function figureLine(figures: Figures): string {
  const parts: string[] = [];
  if (figures.rtoWritesMs !== undefined) parts.push(`writes after ${durationText(figures.rtoWritesMs)}`);
  if (figures.rtoFullMs !== undefined) parts.push(`whole after ${durationText(figures.rtoFullMs)}`);
  if (figures.lost !== undefined) parts.push(`${countText(figures.lost)} lost`);
  if (figures.abandoned) parts.push(`${countText(figures.abandoned)} left behind by a failover`);
  return parts.join(', ');
}

function time(ms: number | undefined, of: string): string {
  return ms === undefined ? 'not measured' : `${durationText(ms)} ${of}`;
}

function counts(parts: [string, number | undefined][]): string {
  const known = parts.filter(([, count]) => count !== undefined);
  if (known.length === 0) return 'not counted';
  return known.map(([what, count]) => `${countText(count ?? 0)} ${what}`).join(', ');
}

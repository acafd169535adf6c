import type { SessionRecord } from '../harness/record/session';
import { durationText } from './quantity';

/** How long no write was acknowledged, over the runs of one drill (ms), beside what Patroni was configured with. */
export interface SilenceRow {
  drill: string;
  /** Runs in which it was measured. */
  runs: number;
  minMs: number;
  medianMs: number;
  p95Ms: number;
  maxMs: number;
  /** Of the dynamic configuration, where all runs had the same. */
  ttlMs?: number;
  loopWaitMs?: number;
}

/** The distribution of the silence for every drill that ran more than once and measured it so often, in the order of the runs. */
export function silenceRows({ runs }: Pick<SessionRecord, 'runs'>): SilenceRow[] {
  return [...new Set(runs.map(({ drill }) => drill))].flatMap((drill) => {
    const figures = runs.flatMap((run) => (run.drill === drill && run.verdict ? [run.verdict.figures] : []));
    const silences = figures.flatMap(({ silenceMs }) => silenceMs ?? []).sort((a, b) => a - b);
    if (silences.length < 2) return [];
    const ttlMs = onlyOne(figures.map((one) => one.ttlMs));
    const loopWaitMs = onlyOne(figures.map((one) => one.loopWaitMs));
    return [
      {
        drill,
        runs: silences.length,
        minMs: silences[0]!,
        medianMs: (rank(silences, 0.5) + silences[Math.floor(silences.length / 2)]!) / 2,
        p95Ms: rank(silences, 0.95),
        maxMs: silences.at(-1)!,
        ...(ttlMs === undefined ? {} : { ttlMs }),
        ...(loopWaitMs === undefined ? {} : { loopWaitMs }),
      },
    ];
  });
}

/** Columns for a table of people's. */
export const silenceHead = ['drill', 'runs', 'min', 'median', 'p95', 'max', 'ttl', 'loop_wait'] as const;

/** A row as text, in the order of the head. */
export function silenceCells(row: SilenceRow): string[] {
  const time = (ms: number | undefined) => (ms === undefined ? '' : durationText(ms));
  return [
    row.drill,
    String(row.runs),
    ...[row.minMs, row.medianMs, row.p95Ms, row.maxMs, row.ttlMs, row.loopWaitMs].map(time),
  ];
}

/** The nearest rank: the smallest value that at least this share of all does not exceed. */
function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

function onlyOne(values: readonly (number | undefined)[]): number | undefined {
  const different = [...new Set(values.filter((value) => value !== undefined))];
  return different.length === 1 ? different[0] : undefined;
}

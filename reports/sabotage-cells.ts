import type { SabotageReport, SabotageRow, SabotageTry } from '../harness/record/sabotage';

/** Signs of the table sabotage × check. */
export const sabotageSigns = {
  red: '●',
  unverified: '○',
  wronglyRed: '!',
  missing: '–',
  beside: '?',
  none: ' ',
} as const;
export type SabotageSign = (typeof sabotageSigns)[keyof typeof sabotageSigns];

/** What the signs mean, in the order in which they are explained. */
export const signLegend: readonly (readonly [sign: SabotageSign, meaning: string])[] = [
  [sabotageSigns.red, 'red as expected'],
  [sabotageSigns.unverified, 'unverified as expected'],
  [sabotageSigns.wronglyRed, 'red and not expected'],
  [sabotageSigns.missing, 'expected and missing'],
  [sabotageSigns.beside, 'unverified beside (a miss on evidence; live it may be)'],
];

/** One column of the table. */
export interface SabotageColumn {
  check: string;
  /** Its point of docs/oracle.md; a second check of one point is `4b`. */
  head: string;
}

/** The columns: the standard checks, then those that only drills have. */
export function sabotageColumns({ checks, rows }: Pick<SabotageReport, 'checks' | 'rows'>): SabotageColumn[] {
  const seen = new Map<string, number>();
  const columns = checks.map(({ check, oracle }) => ({ check, head: numbered(String(oracle), seen) }));
  const known = new Set(columns.map(({ check }) => check));
  const own = new Set(rows.flatMap(namesIn).filter((check) => !known.has(check)));
  return [...columns, ...[...own].sort().map((check, index) => ({ check, head: `+${index + 1}` }))];
}

/** What stands in one cell: of the try that was missed first, else of the first in which it was noticed. */
export function sabotageSign(row: SabotageRow, check: string): SabotageSign {
  const found = decisive(row);
  const red = found?.failed.includes(check) ?? false;
  const unverified = found?.unverified.includes(check) ?? false;
  if (row.failed.includes(check)) return red ? sabotageSigns.red : sabotageSigns.missing;
  if (red) return row.kind === 'cure' ? sabotageSigns.red : sabotageSigns.wronglyRed;
  if (row.unverified.includes(check)) return unverified ? sabotageSigns.unverified : sabotageSigns.missing;
  return unverified ? sabotageSigns.beside : sabotageSigns.none;
}

/** What is to be said of a row beyond its signs: each try in which it was missed or skipped, and that it was never tried. */
export function sabotageMisses({ kind, tries }: SabotageRow): string[] {
  const missed = tries.filter(({ outcome }) => outcome === 'missed');
  if (missed.length > 0) return missed.map(({ on, why }) => `on ${on}: ${why ?? 'other checks than expected'}`);
  const lacking = tries.filter(({ outcome }) => outcome === 'skipped');
  if (lacking.length > 0) return lacking.map(({ on, why }) => `on ${on}: ${why ?? 'this machine lacks what it needs'}`);
  if (tries.length === 0)
    return [kind === 'evidence' ? 'was not tried: no evidence is green by itself' : 'was not run'];
  if (tries.every(({ outcome }) => outcome === 'nothing-to-spoil')) return ['found nothing to spoil anywhere'];
  return [];
}

function decisive({ tries }: SabotageRow): SabotageTry | undefined {
  return tries.find(({ outcome }) => outcome === 'missed') ?? tries.find(({ outcome }) => outcome === 'noticed');
}

function namesIn({ failed, unverified, tries }: SabotageRow): string[] {
  return [...failed, ...unverified, ...tries.flatMap((one) => [...one.failed, ...one.unverified])];
}

/** `4`, then `4b`, `4c`. */
function numbered(point: string, seen: Map<string, number>): string {
  const before = seen.get(point) ?? 0;
  seen.set(point, before + 1);
  return before === 0 ? point : `${point}${String.fromCharCode('a'.charCodeAt(0) + before)}`;
}

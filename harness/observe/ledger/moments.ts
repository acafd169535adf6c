import { microsTime } from '../../formats/timestamptz';

/** As the drill's own clock writes them, `2026-11-21T06:40:01.000001Z`: their order is that of the texts. */
function isOwn(time: string): boolean {
  return time.length === 27 && time.endsWith('Z') && time[10] === 'T';
}

/**
 * Orders two moments: below 0 when `a` is earlier, above when it is later. Entries of the ledger come by the million, and
 * both are nearly always of the drill's own clock: then the texts are compared.
 * @throws FormatError when one is no time with a zone
 */
export function compareMoments(a: string, b: string): number {
  if (isOwn(a) && isOwn(b)) return a < b ? -1 : a > b ? 1 : 0;
  const difference = microsTime(a) - microsTime(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function earlierOf(a: string | undefined, b: string): string {
  return a === undefined || compareMoments(b, a) < 0 ? b : a;
}

export function laterOf(a: string | undefined, b: string): string {
  return a === undefined || compareMoments(b, a) > 0 ? b : a;
}

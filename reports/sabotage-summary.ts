import {
  isGreen,
  sabotageOutcome,
  type SabotageOutcome,
  type SabotageReport,
  type SabotageRow,
} from '../harness/record/sabotage';
import { plural } from './quantity';

/** `96 sabotages, 94 noticed, 1 missed, 1 skipped`: the last line, for people and for scripts. */
export function sabotageTally(rows: readonly SabotageRow[]): string {
  const count = (outcome: SabotageOutcome) => rows.filter((row) => sabotageOutcome(row) === outcome).length;
  const skipped = count('skipped');
  const tally = `${plural(rows.length, 'sabotage')}, ${count('noticed')} noticed, ${count('missed')} missed`;
  return skipped === 0 ? tally : `${tally}, ${skipped} skipped`;
}

/** What makes the oracle unsound beside misses, one line each. */
export function sabotageProblems({ honest, unturned = [] }: SabotageReport): string[] {
  return [
    ...honest
      .filter((run) => !isGreen(run))
      .map(({ on, failed, unverified }) => {
        const what = [...failed.map((check) => `${check} red`), ...unverified.map((check) => `${check} unverified`)];
        return `${on} is not green with nothing spoiled, so nothing is tried on it: ${what.join(', ')}`;
      }),
    ...unturned.map((check) => `no sabotage turns ${check} red: it may be unable to notice anything`),
  ];
}

/** On what the evidence sabotages were tried, and what could not be spoiled there; one line for each honest run. */
export function sabotageGrounds({ honest, rows }: SabotageReport): string[] {
  return honest.filter(isGreen).map(({ on }) => {
    const tried = rows.flatMap(({ id, tries }) => tries.filter((one) => one.on === on).map((one) => ({ id, ...one })));
    const idle = tried.filter(({ outcome }) => outcome === 'nothing-to-spoil').map(({ id }) => id);
    const rest = idle.length > 0 ? `; nothing to spoil there for ${idle.join(', ')}` : '';
    return `${on}: ${tried.length - idle.length} of ${tried.length} tried${rest}`;
  });
}

/** Rows by kind, with the heading of each; kinds without rows are left out. */
export function sabotagesByKind(rows: readonly SabotageRow[]): { title: string; rows: SabotageRow[] }[] {
  return [
    { title: 'On evidence', rows: rows.filter(({ kind }) => kind === 'evidence') },
    { title: 'Live', rows: rows.filter(({ kind }) => kind === 'live') },
    { title: 'Cures left out', rows: rows.filter(({ kind }) => kind === 'cure') },
  ].filter((group) => group.rows.length > 0);
}

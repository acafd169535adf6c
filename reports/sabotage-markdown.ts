import {
  sabotageOutcome,
  type SabotageOutcome,
  type SabotageReport,
  type SabotageRow,
} from '../harness/record/sabotage';
import { sabotageColumns, sabotageMisses, sabotageSign, sabotageSigns, signLegend } from './sabotage-cells';
import { sabotageGrounds, sabotageProblems, sabotagesByKind, sabotageTally } from './sabotage-summary';
import { escaped, list, table } from './markdown-parts';

/** The table sabotage × check as `sabotage.md`. */
export function renderSabotageMarkdown(report: SabotageReport): string {
  const columns = sabotageColumns(report);
  const head = ['', 'sabotage', ...columns.map((column) => column.head)];
  const matrix = (rows: readonly SabotageRow[]): string =>
    table(
      head,
      rows.map((row) => [
        outcomeWord(row),
        `\`${row.id}\``,
        ...columns.map(({ check }) => sabotageSign(row, check).replace(sabotageSigns.none, '')),
      ]),
    );
  const saying = (outcome: SabotageOutcome) =>
    report.rows
      .filter((row) => sabotageOutcome(row) === outcome)
      .flatMap((row) => sabotageMisses(row).map((why) => `\`${row.id}\` ${escaped(why)}`));
  const missed = saying('missed');
  const skipped = saying('skipped');
  const parts = [
    `# pgdrill: ${sabotageTally(report.rows)}`,
    `pgdrill ${report.pgdrill}. Columns: ${columns.map(({ head: short, check }) => `${short} \`${check}\``).join(', ')}.`,
    `Signs: ${signLegend.map(([sign, meaning]) => `${sign} ${meaning}`).join(', ')}.`,
    ...sabotagesByKind(report.rows).flatMap(({ title, rows }) => [`## ${title}`, matrix(rows)]),
    ...(missed.length > 0 ? ['## Missed', list(missed)] : []),
    ...(skipped.length > 0 ? ['## Skipped', list(skipped)] : []),
    ...(report.honest.length > 0 ? ['## Tried on', list(sabotageGrounds(report).map(escaped))] : []),
    ...(sabotageProblems(report).length > 0 ? ['## Problems', list(sabotageProblems(report).map(escaped))] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function outcomeWord(row: SabotageRow): string {
  const outcome = sabotageOutcome(row);
  return outcome === 'missed' ? '**missed**' : outcome;
}

/** The sabotages themselves, without what came of them: the tables of docs/sabotage.md. */
export function sabotageList(rows: readonly SabotageRow[]): string {
  if (rows.some(({ kind }) => kind === 'cure')) {
    return table(
      ['variant', 'what nobody does'],
      rows.map(({ id, title }) => [`\`${id}\``, escaped(title.replace(/^.*nobody does this: /, ''))]),
    );
  }
  const live = rows.some(({ kind }) => kind === 'live');
  return table(
    [live ? 'drill' : 'sabotage', live ? 'what is replaced' : 'what is spoiled', 'turns red', 'turns unverified'],
    rows.map(({ id, title, failed, unverified }) => [
      `\`${id}\``,
      escaped(title.replace(/^sabotage: /, '')),
      failed.join(', ') || '–',
      unverified.join(', ') || '–',
    ]),
  );
}

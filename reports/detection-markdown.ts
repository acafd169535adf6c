import type { DetectionReport, DetectionRow, ExpectedDetection } from '../harness/record/detection';
import {
  detectionDifferences,
  detectionLegend,
  detectionSign,
  detectionTally,
  saidOf,
  silentDetectors,
  whoSaid,
} from './detection-cells';
import { escaped, list, table } from './markdown-parts';

/** The matrix as `matrix.md` of a session. */
export function renderDetectionMarkdown(
  report: DetectionReport,
  expected: Readonly<Record<string, ExpectedDetection>>,
): string {
  const differences = detectionDifferences(report, expected);
  return `${[
    `# pgdrill detect: ${detectionTally(report)}`,
    ...(differences.length > 0 ? ['## Not as docs/detection.md has it', list(differences.map(escaped))] : []),
    detectionPage(report),
  ].join('\n\n')}\n`;
}

/** What stands between the marks of docs/detection.md: what was asked and when, the matrix, the words. */
export function detectionPage(report: DetectionReport): string {
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
  const silent = silentDetectors(report);
  return [
    `Measured on ${report.startedAt.slice(0, 10)} with pgdrill ${report.pgdrill}, stack ${report.stack}: ${versions.join(', ')}; seed ${report.seed}.`,
    `Signs: ${detectionLegend.map(([sign, meaning]) => `${sign} ${meaning}`).join(', ')}.`,
    table(
      ['fault', ...report.detectors.map(({ head }) => head)],
      report.rows.map(({ fault, cells }) => [`\`${fault}\``, ...cells.map(detectionSign)]),
    ),
    table(
      ['', 'detector', 'what is asked'],
      report.detectors.map(({ head, detector, title }) => [head, `\`${detector}\``, escaped(title)]),
    ),
    ...(silent.length > 0 ? [`Noticed none of these faults: ${silent.map((name) => `\`${name}\``).join(', ')}.`] : []),
    ...report.rows.flatMap(faultParts),
  ].join('\n\n');
}

function faultParts(row: DetectionRow): string[] {
  const proof = row.proof ? ` ${escaped(`${row.proof.expected}: ${row.proof.found}.`)}` : '';
  const said = saidOf(row).map((one) => `- ${whoSaid(one)}: ${code(one.message)}`);
  return [
    `### ${row.fault}`,
    `${escaped(capital(row.title))}.${proof}`,
    said.length > 0 ? said.join('\n') : 'Noticed by nobody.',
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Code of CommonMark: as many backticks as the text does not have. */
function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text.replace(/\s*\n\s*/g, ' ')}${pad}${fence}`;
}

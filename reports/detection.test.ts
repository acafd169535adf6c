import type { DetectionCell, DetectionReport } from '../harness/record/detection';
import { detectionDifferences, detectionTally, saidOf, silentDetectors } from './detection-cells';
import { detectionPage, renderDetectionMarkdown } from './detection-markdown';
import { renderDetection } from './detection-text';

const invalid = 'ERROR:  invalid page in block 3 of relation base/5/16398';
const cell = (
  detector: string,
  outcome: DetectionCell['outcome'],
  more: Partial<DetectionCell> = {},
): DetectionCell => ({
  detector,
  outcome,
  ...more,
});

function report(): DetectionReport {
  return {
    format: 1,
    pgdrill: '0.1.0',
    stack: 'bookworm',
    seed: 7,
    startedAt: '2026-11-21T17:00:00.000000Z',
    versions: { PostgreSQL: '15.14', Barman: '3.4.0' },
    detectors: [
      { detector: 'select', head: 'sel', title: 'SELECT of every row' },
      { detector: 'server-log', head: 'log', title: 'the log' },
      { detector: 'barman-check', head: 'bck', title: 'barman check' },
    ],
    rows: [
      {
        fault: 'heap-page',
        title: 'page spoiled',
        run: 'r1',
        on: 'db1',
        struckAt: '2026-11-21T17:00:01.000000Z',
        proof: { took: true, expected: 'block 3 spoiled', found: 'its checksum is *wrong*' },
        cells: [
          cell('select', 'noticed', { afterMs: 1234, message: invalid, code: 1 }),
          cell('server-log', 'noticed', { afterMs: 2000, message: invalid }),
          cell('barman-check', 'missed'),
        ],
      },
      {
        fault: 'disk-full',
        title: 'no room',
        run: 'r1',
        cells: ['select', 'server-log', 'barman-check'].map((name) =>
          cell(name, 'not-asked', { reason: 'the kernel has no quota' }),
        ),
      },
    ],
  };
}
const expected = { 'heap-page': { noticed: ['select', 'server-log'] }, 'disk-full': { noticed: [] } };

describe('cells', () => {
  test('the same words of several detectors stand once, with the first one’s time', () => {
    const [page, full] = report().rows.map(saidOf);
    expect(page).toEqual([{ detectors: ['select', 'server-log'], afterMs: 1234, message: invalid }]);
    expect(full).toEqual([
      {
        detectors: ['select', 'server-log', 'barman-check'],
        afterMs: undefined,
        message: 'not asked: the kernel has no quota',
      },
    ]);
  });

  test('tally, and who noticed nothing', () => {
    expect(detectionTally(report())).toBe('2 faults, 3 detectors: 2 noticed, 1 missed, 3 not asked');
    expect(silentDetectors(report())).toEqual(['barman-check']);
  });

  test('a fault that nobody was asked about is a difference', () => {
    expect(detectionDifferences(report(), expected)).toEqual(['disk-full: the kernel has no quota']);
  });
});

describe('on a terminal', () => {
  const text = renderDetection(report(), { colour: false, width: 100, expected });

  test('faults are rows, detectors are columns, with signs under the ends of their heads', () => {
    const lines = text.split('\n');
    const head = lines.findIndex((line) => /^ +sel log bck$/.test(line));
    expect(lines.slice(head, head + 3)).toEqual([
      '          sel log bck',
      'heap-page   ✓   ✓   –',
      'disk-full   ·   ·   ·',
    ]);
  });

  test('the exact words stand below, whole', () => {
    expect(text).toContain(`heap-page on db1: page spoiled\n  select, server-log 1.2 s\n      ${invalid}`);
    expect(text).toContain('not as docs/detection.md has it: disk-full: the kernel has no quota');
  });

  test('a matrix of twenty detectors and long names fits a hundred characters', () => {
    const detectors = Array.from({ length: 16 }, (_, index) => ({ detector: `d${index}`, head: 'abc', title: 't' }));
    const rows = [{ fault: 'x'.repeat(30), title: 't', run: 'r', cells: [] }];
    const wide = renderDetection({ ...report(), detectors, rows }, { colour: false, width: 100, expected: {} });
    const matrix = wide.split('\n').filter((line) => /^(x{30}| {30}) /.test(line));
    expect(Math.max(...matrix.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test('colours only when asked for', () => {
    expect(text).not.toContain('\u001b');
    expect(renderDetection(report(), { colour: true, expected })).toContain('\u001b[32m✓');
  });
});

describe('as markdown', () => {
  test('the page says what was measured, when, and with what', () => {
    const page = detectionPage(report());
    expect(page).toContain(
      'Measured on 2026-11-21 with pgdrill 0.1.0, stack bookworm: PostgreSQL 15.14, Barman 3.4.0; seed 7.',
    );
    expect(page).toContain('| fault | sel | log | bck |\n|---|---|---|---|\n| `heap-page` | ✓ | ✓ | – |');
    expect(page).toContain(`- select, server-log 1.2 s: \`${invalid}\``);
    expect(page).toContain('block 3 spoiled: its checksum is \\*wrong\\*.');
  });

  test('matrix.md begins with what is not as it should be', () => {
    const text = renderDetectionMarkdown(report(), expected);
    expect(text.indexOf('- disk-full: the kernel has no quota')).toBeLessThan(text.indexOf('| fault |'));
    expect(renderDetectionMarkdown({ ...report(), rows: report().rows.slice(0, 1) }, expected)).not.toContain('Not as');
  });
});

import { foldDetection, judgeRow, type DetectionCell, type DetectionRow } from './detection';
import type { EventBody, RunEvent } from './events';

const at = '2026-11-21T17:00:00.000000Z';
const detectors = ['select', 'barman-check'].map((detector) => ({
  detector,
  head: detector.slice(0, 3),
  title: detector,
}));

function events(run: string, faults: string[], ...bodies: EventBody[]): RunEvent[] {
  const head: EventBody[] = [
    {
      kind: 'run-started',
      format: 1,
      pgdrill: '0.1.0',
      node: 'v22',
      run,
      session: 's',
      drill: 'detect',
      title: 'who notices what',
      stack: 'bookworm',
      dataset: 'thai:tiny',
      seed: 7,
      arguments: [],
      objectives: { lostWrites: 0 },
      phases: [],
    },
    {
      kind: 'detection-begun',
      faults: faults.map((fault) => ({ fault, title: `title of ${fault}` })),
      detectors,
      versions: { Barman: '3.4.0' },
    },
  ];
  return [...head, ...bodies].map((body, index) => ({ ...body, seq: index + 1, at }));
}

const said = (episode: number, fault: string, cell: DetectionCell): EventBody => ({
  kind: 'detected',
  episode,
  fault,
  detector: cell.detector,
  cell,
});
const missed = (detector: string): DetectionCell => ({ detector, outcome: 'missed' });
const noticed = (detector: string): DetectionCell => ({ detector, outcome: 'noticed', afterMs: 12, message: 'words' });

describe('foldDetection', () => {
  test('a drill’s run has no matrix', () => {
    expect(foldDetection([events('r', []).filter(({ kind }) => kind === 'run-started')])).toBeUndefined();
  });

  test('each cell is what was recorded; what nobody came to was not asked', () => {
    const report = foldDetection([events('r1', ['page', 'slot'], said(0, 'page', noticed('select')))]);
    expect(report).toMatchObject({ versions: { Barman: '3.4.0' }, seed: 7, startedAt: at });
    expect(report?.rows.map(({ fault, cells }) => [fault, ...cells.map(({ outcome }) => outcome)])).toEqual([
      ['page', 'noticed', 'not-asked'],
      ['slot', 'not-asked', 'not-asked'],
    ]);
  });

  test('what one run did not come to is taken from the next, and the order stays', () => {
    const first = events('r1', ['page', 'slot', 'log'], said(0, 'page', missed('select')));
    const second = events('r2', ['slot', 'log'], said(0, 'slot', noticed('select')), said(1, 'log', missed('select')));
    const rows = foldDetection([first, second])?.rows ?? [];
    expect(rows.map(({ fault, run }) => [fault, run])).toEqual([
      ['page', 'r1'],
      ['slot', 'r2'],
      ['log', 'r2'],
    ]);
  });
});

describe('judgeRow', () => {
  const row = (...cells: DetectionCell[]): DetectionRow => ({ fault: 'page', title: 'page', run: 'r', cells });
  const expected = { noticed: ['select'], either: { 'server-log': 'a matter of chance' } };

  test.each<[string, DetectionRow, object | undefined, object]>([
    ['as expected', row(noticed('select'), missed('barman-check')), expected, { status: 'ok' }],
    ['by chance, either way', row(noticed('select'), noticed('server-log')), expected, { status: 'ok' }],
    ['only some were asked', row(missed('barman-check')), expected, { status: 'ok', expected: 'noticed by nobody' }],
    [
      'missed, and expected',
      row(missed('select')),
      expected,
      { status: 'failed', found: 'select missed, expected noticed' },
    ],
    [
      'noticed, and not expected',
      row(noticed('select'), noticed('barman-check')),
      expected,
      { status: 'failed', found: 'barman-check noticed (words), expected missed' },
    ],
    ['not in the page', row(noticed('select')), undefined, { status: 'failed', found: 'noticed by select' }],
    [
      'nobody was asked',
      row({ detector: 'select', outcome: 'not-asked', reason: 'no such disk' }),
      expected,
      { status: 'unverified', found: 'no such disk' },
    ],
    [
      'without effect',
      { ...row(missed('select')), proof: { took: false, expected: 'a', found: 'b' } },
      expected,
      { status: 'unverified', found: 'it did not take effect: b' },
    ],
  ])('%s', (_what, found, wanted, judged) => {
    expect(judgeRow(found, wanted as typeof expected | undefined)).toMatchObject(judged);
  });
});

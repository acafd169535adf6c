import type { SabotageReport, SabotageRow } from '../harness/record/sabotage';
import { sabotageColumns, sabotageSign } from './sabotage-cells';
import { renderSabotageMarkdown, sabotageList } from './sabotage-markdown';
import { sabotageTally } from './sabotage-summary';
import { renderSabotages } from './sabotage-text';

type Try = SabotageRow['tries'][number];

function row(id: string, failed: string[], unverified: string[], ...tries: Partial<Try>[]): SabotageRow {
  return {
    kind: 'evidence',
    id,
    title: `sabotage: ${id} | <done>`,
    failed,
    unverified,
    tries: tries.map((one) => ({ on: 'built', outcome: 'noticed', failed, unverified, ...one })),
  };
}

const missed = { outcome: 'missed' as const, failed: ['leader'], unverified: ['secrets'], why: 'expected a, found b' };

function report(change: Partial<SabotageReport> = {}): SabotageReport {
  return {
    format: 1,
    pgdrill: '0.1.0',
    checks: [
      { check: 'content', oracle: 4 },
      { check: 'leader', oracle: 7 },
      { check: 'roles', oracle: 7 },
      { check: 'secrets', oracle: 12 },
    ],
    honest: [{ on: 'built', failed: [], unverified: [] }],
    rows: [
      row('row-removed', ['content'], [], {}),
      row('no-baseline', [], ['content'], {}),
      row('wrong-way', ['content'], [], {}, { ...missed, on: 'saved' }),
      row('nowhere', ['roles'], [], { outcome: 'nothing-to-spoil', failed: [], unverified: [] }),
      { ...row('some-drill', ['roles'], []), kind: 'live' },
    ],
    unturned: ['secrets'],
    ...change,
  };
}

describe('cells', () => {
  test('columns › are the points of the oracle; a second check of a point, and those of a drill, are told apart', () => {
    const own = report({ rows: [row('own', ['my-check'], [], {})] });
    expect(sabotageColumns(own).map(({ head }) => head)).toEqual(['4', '7', '7b', '12', '+1']);
  });

  test.each([
    ['red as expected', ['leader'], [], { failed: ['leader'] }, '●'],
    ['unverified as expected', [], ['leader'], { unverified: ['leader'] }, '○'],
    ['red and not expected', [], [], { failed: ['leader'] }, '!'],
    ['red where unverified was expected', [], ['leader'], { failed: ['leader'], unverified: [] }, '!'],
    ['expected red and missing', ['leader'], [], { failed: [] }, '–'],
    ['expected red and unverified', ['leader'], [], { failed: [], unverified: ['leader'] }, '–'],
    ['expected unverified and missing', [], ['leader'], { unverified: [] }, '–'],
    ['unverified beside', [], [], { unverified: ['leader'] }, '?'],
    ['not concerned', ['content'], [], { failed: ['content'] }, ' '],
  ])('%s', (_what, failed, unverified, tried, sign) => {
    expect(sabotageSign(row('one', failed, unverified, tried), 'leader')).toBe(sign);
  });

  test('of several tries › the one that was missed is shown', () => {
    expect(sabotageSign(row('one', ['content'], [], {}, missed), 'leader')).toBe('!');
  });
});

describe('text', () => {
  const text = renderSabotages(report(), { colour: false });

  test('table › rows by kind, one column a check', () => {
    expect(text).toContain(
      [
        'On evidence',
        '               4  7 7b 12',
        'row-removed    ●           noticed',
        'no-baseline    ○           noticed',
        'wrong-way      –  !     ?  MISSED',
        'nowhere              –     MISSED',
        '',
        'Live',
        '               4  7 7b 12',
        'some-drill           –     MISSED',
      ].join('\n'),
    );
    expect(text).toContain('4 content, 7 leader, 7b roles, 12 secrets');
    const checks = [...report().checks, { check: 'b', oracle: 12 }];
    expect(renderSabotages(report({ checks }), { colour: false })).toContain('  4  7 7b 12 12b\nrow-removed    ●');
  });

  test('misses, grounds, checks without a sabotage › are said, the tally is last', () => {
    expect(text).toContain('missed   wrong-way on saved: expected a, found b\n');
    expect(text).toContain('missed   nowhere found nothing to spoil anywhere\n');
    expect(text).toContain('missed   some-drill was not run\n');
    expect(text).toContain('tried on built: 3 of 4 tried; nothing to spoil there for nowhere\n');
    expect(text).toContain('no sabotage turns secrets red');
    expect(text.trimEnd().split('\n').at(-1)).toBe('5 sabotages, 2 noticed, 3 missed');
  });

  test('narrow › one line for each, none wider than the terminal but those', () => {
    const narrow = renderSabotages(report(), { colour: false, width: 30 });
    expect(narrow).toContain('noticed row-removed: ● content\n');
    expect(narrow).toContain('MISSED  wrong-way: – content, ! leader, ? secrets\n');
    const fits = renderSabotages(report(), { colour: false, width: 36 });
    expect(fits).toContain('row-removed    ●           noticed\n');
    expect(fits.split('\n').filter((line) => line.length > 36)).toEqual([]);
  });

  test('colour › is not in the way of the columns', () => {
    const plain = renderSabotages(report(), { colour: true }).replaceAll(/\u001b\[\d+m/g, '');
    expect(plain).toBe(text);
  });

  test('honest evidence that is not green › is said first', () => {
    const dull = renderSabotages(report({ honest: [{ on: 'saved', failed: ['leader'], unverified: ['content'] }] }), {
      colour: false,
    });
    expect(dull).toContain(
      'saved is not green with nothing spoiled, so nothing is tried on it: leader red, content unverified',
    );
  });
});

describe('markdown', () => {
  test('report › the same table', () => {
    const text = renderSabotageMarkdown(report());
    expect(text).toContain('# pgdrill: 5 sabotages, 2 noticed, 3 missed\n');
    expect(text).toContain('|  | sabotage | 4 | 7 | 7b | 12 |\n|---|---|---|---|---|---|\n');
    expect(text).toContain('| **missed** | `wrong-way` | – | ! |  | ? |\n');
    expect(text).toContain('## Missed\n\n- `wrong-way` on saved: expected a, found b\n');
    expect(text).toContain('## Problems\n\n- no sabotage turns secrets red');
  });

  test('list › what must turn, with nothing that breaks a table', () => {
    expect(sabotageList([row('row-removed', ['leader', 'content'], [])])).toBe(
      [
        '| sabotage | what is spoiled | turns red | turns unverified |',
        '|---|---|---|---|',
        '| `row-removed` | row-removed \\| \\<done\\> | leader, content | – |',
      ].join('\n'),
    );
  });
});

test('skipped › is said with its reason, and counts neither way', () => {
  const skipped = { ...row('no-netem', ['leader'], []), kind: 'cure' as const };
  const why = 'this kernel has no sch_netem';
  const one = { ...skipped, tries: [{ on: 'r1', outcome: 'skipped' as const, failed: [], unverified: [], why }] };
  const text = renderSabotages(report({ rows: [one] }), { colour: false });
  expect(text).toContain(`skipped  no-netem on r1: ${why}\n`);
  expect(sabotageTally([one])).toBe('1 sabotage, 0 noticed, 0 missed, 1 skipped');
  expect(renderSabotageMarkdown(report({ rows: [one] }))).toContain(`## Skipped\n\n- \`no-netem\` on r1: ${why}\n`);
});

test('tally › counts', () => expect(sabotageTally([])).toBe('0 sabotages, 0 noticed, 0 missed'));

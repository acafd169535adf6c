import path from 'node:path';
import { sabotageList } from '../../reports/sabotage-markdown';
import { evidenceRow, liveRow } from '../checks/sabotage-table';
import { allChecks } from '../checks';
import { generated } from './generated-page';
import { chooseSabotages } from './sabotage-choice';

describe('docs/sabotage.md', () => {
  test('on evidence › the table is what the code has; `npm run generate` writes it anew', async () => {
    const { evidence } = await chooseSabotages([], { evidence: true, live: false });
    const table = sabotageList(evidence.map(evidenceRow));
    expect(generated('docs/sabotage.md', 'evidence', table)).toBe(table);
  });

  test('live › the table is what the drills expect; `npm run generate` writes it anew', async () => {
    const { live } = await chooseSabotages([], { evidence: false, live: true });
    const table = sabotageList(live.map(liveRow));
    expect(generated('docs/sabotage.md', 'live', table)).toBe(table);
  });

  test('cures › the table is what the drills have; `npm run generate` writes it anew', async () => {
    const { cures } = await chooseSabotages([], { cures: true });
    const table = sabotageList(cures.map(liveRow));
    expect(generated('docs/sabotage.md', 'cures', table)).toBe(table);
  });
});

describe('cures left out', () => {
  test('every cure that changes something is left out of every drill that has it', async () => {
    const { cures } = await chooseSabotages([], { cures: true });
    expect(cures.length).toBeGreaterThan(20);
    expect(new Set(cures.map(({ id }) => id)).size).toBe(cures.length);
    for (const { id, expect: expected, drill } of cures) {
      expect({ id, expected, red: drill.overrides?.expectRed }).toEqual({ id, expected: { kind: 'red' }, red: true });
      expect(drill.overrides?.without?.map((cure) => id.endsWith(`-without-${cure}`))).toEqual([true]);
    }
  });
});

describe('live sabotages', () => {
  test('each expects a verdict other than passed, by checks that there are', async () => {
    const { live } = await chooseSabotages([], { evidence: false, live: true });
    const known = new Set(allChecks.map(({ id }) => id));
    expect(live.length).toBeGreaterThan(0);
    for (const { id, expect: expected, drill } of live) {
      expect({ id, kind: expected.kind }).not.toEqual({ id, kind: 'recovered' });
      const by = expected.kind === 'verdict' ? expected.by : [];
      expect({ id, unknown: by.filter((check) => !known.has(check)) }).toEqual({ id, unknown: [] });
      expect(path.basename(drill.file)).toMatch(new RegExp(`^${id}\\.drill\\.`));
    }
  });
});

describe('choice of sabotages', () => {
  test('a name of both kinds › is both; a glob is over ids', async () => {
    const both = await chooseSabotages(['accident-never-fired'], { evidence: true, live: true });
    expect([both.evidence.length, both.live.length, both.allEvidence]).toEqual([1, 1, false]);
    const rows = await chooseSabotages(['row-*'], { evidence: true, live: false });
    expect(rows.evidence.map(({ id }) => id)).toContain('row-removed');
    expect(rows.evidence.every(({ id }) => id.startsWith('row-'))).toBe(true);
  });

  test('an unknown name › is wrong usage, with the nearest one', async () => {
    const choice = chooseSabotages(['row-remved'], { evidence: true, live: false });
    await expect(choice).rejects.toThrow(/no sabotage is called "row-remved"; did you mean "row-removed"\?/);
  });
});

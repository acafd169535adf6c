import { readFileSync } from 'node:fs';
import path from 'node:path';
import { allChecks, evidenceSabotages, notCovered, standardChecks } from './index';

const root = path.join(__dirname, '../..');
const page = (name: string): string => readFileSync(path.join(root, 'docs', name), 'utf8');
const oracle = page('oracle.md');
const sabotage = page('sabotage.md').split('\n## Live\n')[0] ?? '';

/** Rows of the table whose first cell is the name of a sabotage: name, what is spoiled, red, unverified. */
const rows = [...sabotage.matchAll(/^\| `([a-z-]+)` \| (.+) \| (.*) \| (.*) \|$/gm)].map((row) => row.slice(1));
const inWords = (checks: readonly string[]): string => [...checks].sort().join(', ') || '–';

describe('docs/sabotage.md', () => {
  test('evidence sabotages › the table is what the code has, in its order', () => {
    expect(rows).toEqual(
      evidenceSabotages.map(({ id, title, reds, unverified = [] }) => [id, title, inWords(reds), inWords(unverified)]),
    );
  });
});

describe('docs/oracle.md', () => {
  test.each(standardChecks.map((check) => [check.id, check] as const))('%s › has its point', (_id, check) => {
    expect(oracle).toContain(`## ${check.oracle}. \`${check.id}\`: ${check.title}\n`);
  });

  test.each(allChecks.filter((check) => !standardChecks.includes(check)).map((check) => [check.id, check] as const))(
    '%s › has its place among those without a ledger',
    (_id, check) => {
      const section = oracle.split('## Without a ledger')[1]?.split('\n## ')[0] ?? '';
      expect(section).toContain(`### \`${check.id}\`: ${check.title}\n`);
    },
  );

  test('checks › none is described that is not there', () => {
    expect([...oracle.matchAll(/^## \d+\. /gm)]).toHaveLength(standardChecks.length);
  });

  test('not covered › word for word', () => {
    const list = oracle.split('## Not covered')[1] ?? '';
    expect([...list.matchAll(/^- (.+)$/gm)].map((line) => line[1])).toEqual([...notCovered]);
  });
});

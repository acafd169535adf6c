import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Verdict } from '../record/verdict';
import { foldEvents, parseEvents } from '../record/fold';
import { canonicalJson, evidenceSabotages, judge } from '.';
import { isHonest, trySabotage } from './sabotage-table';
import { failoverSabotages } from './failover-sabotages';
import { withoutLedgerSabotages } from './without-ledger.sabotage';

/** Real runs, kept as they were written: the cheapest net for every change of a check, the fold or a format. */
const folder = path.join(__dirname, '../../fixtures/runs');
const runs = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/**
 * Sabotages that a saved run has nothing for, each by name: a run that came to hold it, or no longer does, is seen here.
 * Whatever stands for a run must also be tried on another one, or on the evidence in the code.
 */
const noUnlogged = ['unlogged-rows-came-back', 'unlogged-table-missing'];
const notDeep = evidenceSabotages.map(({ id }) => id).filter((id) => id.startsWith('aside-'));
/** Saved runs are of drills, and none of them is of a failover. */
const alone = [...withoutLedgerSabotages, ...failoverSabotages].map(({ id }) => id);
const nothingToSpoil: Record<string, string[]> = {
  // The Thai data has no unlogged table.
  'delete-without-where-deep': [...noUnlogged, ...alone],
  'across-switchover': [...noUnlogged, ...notDeep, ...alone],
  'target-name': [...noUnlogged, ...notDeep, 'target-off-by-one', ...alone],
};

const read = (run: string, file: string) => readFileSync(path.join(folder, run, file), 'utf8');

describe.each(runs)('saved run %s', (run) => {
  const saved = JSON.parse(read(run, 'verdict.json')) as Verdict;
  const evidence = foldEvents(parseEvents(read(run, 'events.jsonl')));
  const honest = [{ name: run, evidence }];
  const idle = nothingToSpoil[run] ?? [];

  test('is judged to the same bytes again by the version that judged it', () => {
    expect(canonicalJson(judge(evidence, { pgdrill: saved.pgdrill }))).toBe(read(run, 'verdict.json'));
  });

  test('was an honest one', () => {
    expect(saved.outcome).toBe('passed');
    expect(isHonest({ name: run, evidence })).toBe(true);
  });

  test.each(evidenceSabotages.map((one) => [one.id, one] as const))(
    '%s › exactly the named checks notice',
    (id, one) => {
      const [tried] = trySabotage(one, honest).tries;
      expect(tried).toMatchObject({ outcome: idle.includes(id) ? 'nothing-to-spoil' : 'noticed' });
    },
  );

  test('sabotages with nothing to spoil here › are sabotages', () => {
    const ids = evidenceSabotages.map(({ id }) => id);
    expect(idle.filter((id) => !ids.includes(id))).toEqual([]);
  });
});

test('there is a saved run of the default drill', () => {
  expect(runs.some((run) => run.startsWith('delete-without-where'))).toBe(true);
});

test('nothing to spoil › is said of saved runs only', () => {
  expect(Object.keys(nothingToSpoil).filter((run) => !runs.includes(run))).toEqual([]);
});

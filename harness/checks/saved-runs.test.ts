import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Verdict } from '../record/verdict';
import { foldEvents, parseEvents } from '../record/fold';
import { canonicalJson, evidenceSabotages, judge } from '.';

/** Real runs, kept as they were written: the cheapest net for every change of a check, the fold or a format. */
const folder = path.join(__dirname, '../../fixtures/runs');
const runs = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const read = (run: string, file: string) => readFileSync(path.join(folder, run, file), 'utf8');
const evidenceOf = (run: string) => foldEvents(parseEvents(read(run, 'events.jsonl')));
const statuses = (verdict: Verdict, status: string) =>
  verdict.checks
    .filter((check) => check.status === status)
    .map(({ check }) => check)
    .sort();

describe.each(runs)('saved run %s', (run) => {
  const saved = JSON.parse(read(run, 'verdict.json')) as Verdict;

  it('is judged to the same bytes again by the version that judged it', () => {
    expect(canonicalJson(judge(evidenceOf(run), { pgdrill: saved.pgdrill }))).toBe(read(run, 'verdict.json'));
  });

  it('was an honest one, and every sabotage of it turns exactly its checks red', () => {
    expect(saved.outcome).toBe('passed');
    for (const sabotage of evidenceSabotages) {
      const verdict = judge(sabotage.apply(evidenceOf(run)), { pgdrill: saved.pgdrill });
      expect({ id: sabotage.id, red: statuses(verdict, 'failed') }).toEqual({
        id: sabotage.id,
        red: [...sabotage.reds].sort(),
      });
      expect(statuses(verdict, 'unverified')).toEqual([...(sabotage.unverified ?? [])].sort());
    }
  });
});

it('there is a saved run of the default drill', () => {
  expect(runs.some((run) => run.startsWith('delete-without-where'))).toBe(true);
});

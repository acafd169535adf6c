import { renderMarkdown, tally } from './markdown';
import { sampleRun, sampleSession, sampleVerdict } from './sample-session';

describe('markdown', () => {
  it('begins with a table of the runs', () => {
    const lines = renderMarkdown(sampleSession()).split('\n');
    expect(lines.slice(0, 7)).toEqual([
      '# pgdrill: 1 run: 1 failed',
      '',
      'Session `20261121t055101-aaaaaa`, pgdrill 0.1.0, Node 20.19.0, 42.0 s.',
      '',
      '| drill | outcome | RTO, writes | RTO, full | RPO | lost | seed | took |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      '| delete-without-where | ✗ failed | 12.3 s | 24.1 s | 0.0 s | 1 | 4711 | 41.3 s |',
    ]);
  });

  it('shows a failed finding whole, in a block that nothing in it can end', () => {
    const verdict = sampleVerdict();
    verdict.checks[1]!.findings[0]!.detail = ['```', 'x'];
    const text = renderMarkdown(sampleSession([sampleRun({ verdict })]));
    expect(text).toContain('### ✗ acknowledged-writes: Every acknowledged write before the target is on every member');
    expect(text).toContain(
      '````text\non        db2 of cluster main\nexpected  all of 1-1204\nfound     1 is missing: 733\n          ```\n          x\n````',
    );
  });

  it('keeps tables whole whatever a finding says', () => {
    const verdict = sampleVerdict();
    verdict.checks[0]!.findings[0]!.found = 'a | b\n<script> `c` *d*';
    const row = renderMarkdown(sampleSession([sampleRun({ verdict })]))
      .split('\n')
      .find((line) => line.startsWith('| ✓ | accident'));
    expect(row).toBe('| ✓ | accident | 0 rows left: a \\| b \\<script\\> \\`c\\` \\*d\\* |');
  });

  it('has every finding, folded', () => {
    const text = renderMarkdown(sampleSession());
    expect(text).toContain('<details><summary>Every finding</summary>\n\n|  | check | on | expected | found |\n');
    expect(text).toContain(
      '| ✗ | acknowledged-writes | db2, db3 of cluster main | all of 1-1204 | 1 is missing: 733 |',
    );
  });

  it('tells how to judge and to run it again with the same options', () => {
    const text = renderMarkdown(sampleSession());
    expect(text).toContain('- Judge again: `pgdrill check 20261121t055102-3fa9c1`');
    expect(text).toContain('- Reproduce: `pgdrill run delete-without-where --nodes 3 --seed 4711`');
  });

  it('says why a run without a verdict stopped', () => {
    const stopped = { code: 'PGDRILL_DISK_LOW', what: '1 GB are free', cure: 'free some' };
    const text = renderMarkdown(sampleSession([sampleRun({ outcome: 'not-run', verdict: undefined, stopped })]));
    expect(text).toContain('## ? delete-without-where: not run');
    expect(text).toContain('**PGDRILL\\_DISK\\_LOW: 1 GB are free**<br>\nWhat to do: free some');
  });

  it('tallies outcomes in the order of what to look at', () => {
    const runs = [sampleRun({ outcome: 'passed' }), sampleRun(), sampleRun({ outcome: 'passed' })];
    expect(tally({ runs, notStarted: ['x'] })).toBe('3 runs: 2 passed, 1 failed, 1 never started');
  });

  it('shows the log and the commands under what they are about, and how to get the cluster back', () => {
    const verdict = sampleVerdict();
    verdict.checks[1]!.findings[0]!.detail = ['a row', 'look: pgdrill enter db2', 'log: a line', 'when: accident then'];
    const text = renderMarkdown(sampleSession([sampleRun({ verdict })]));
    expect(text).toContain(
      'found     1 is missing: 733\n          a row\nlog       a line\nlook      pgdrill enter db2\n',
    );
    expect(text).toContain('When: accident then');
    expect(text).toContain('- Look: `pgdrill run delete-without-where --nodes 3 --seed 4711 --keep` makes');
    const order = [...text.matchAll(/^### (.)/gm)].map(([, sign]) => sign);
    expect(order).toEqual(['✗', '?']);
  });
});

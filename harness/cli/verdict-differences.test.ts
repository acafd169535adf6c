import { sampleVerdict } from '../../reports/sample-session';
import { verdictDifferences } from './verdict-differences';

describe('verdict differences', () => {
  it('names outcome and checks, with their versions', () => {
    const before = sampleVerdict();
    const now = sampleVerdict({ outcome: 'passed', figures: { ...before.figures, lost: 0 } });
    now.checks[1] = { ...now.checks[1]!, status: 'ok', version: 2 };
    now.checks.splice(3, 1);
    const lines = verdictDifferences(before, now);
    expect(lines.slice(0, 3)).toEqual([
      'outcome: was failed, is passed',
      'check acknowledged-writes: said failed, says ok (version 1, now 2)',
      'check switchover: was there (version 1), said not-applicable',
    ]);
    expect(lines[3]).toMatch(/^figures: was .*"lost":1.*, is .*"lost":0/);
  });

  it('does not take the order of keys for a difference', () => {
    const before = sampleVerdict();
    const now = { ...before, figures: Object.fromEntries(Object.entries(before.figures).reverse()) };
    expect(verdictDifferences(before, now)).toEqual(['only in the version or in how it is written']);
  });

  it('sees other findings under the same status', () => {
    const now = sampleVerdict();
    now.checks[1]!.findings[0]!.found = '2 are missing';
    expect(verdictDifferences(sampleVerdict(), now)).toEqual([
      'check acknowledged-writes: says failed as before, with other findings (version 1)',
    ]);
  });
});

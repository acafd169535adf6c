import { planIsolatedNodePitr } from '../../recovery/plan/plan-pitr';
import { sampleFacts, sampleRequest } from '../../recovery/plan/sample-facts';
import { headingLines, planLines, remainingLines, targetText, utcText, type ShownPlan } from './plan-text';

function shown(change: Parameters<typeof sampleRequest>[0] = {}, more: Partial<ShownPlan> = {}): ShownPlan {
  const facts = sampleFacts();
  const request = sampleRequest(change);
  const plan = planIsolatedNodePitr(request, facts);
  const backup = facts.backups.find(({ id }) => id === plan.backup)!;
  return { request, plan, scope: facts.scope, backup, held: facts.segments, ...more };
}

describe('the head of a recovery', () => {
  it('says what will be done, times in UTC', () => {
    const text = headingLines(shown({}, { reading: 'as written: 2026-11-21 13:44:00.123456 in Asia/Bangkok' })).join(
      '\n',
    );
    expect(text).toContain(
      'backup    20261121T063833, the newest that ends before the target: ended 2026-11-21 06:38:36 UTC, timeline 3, 26.0 MiB',
    );
    expect(text).toContain(
      'target    2026-11-21 06:44:00.123456 UTC, on timeline 3\n            as written: 2026-11-21 13:44:00.123456 in Asia/Bangkok',
    );
    expect(text).toContain('node      db2; db1 leads now. Its data is kept as /var/lib/postgresql/15/db2.before-');
    expect(text).toContain('mode      cluster: replayed on db2, which then leads; db1 and db3 rejoin');
    expect(text).toContain('fence     now: every member is stopped');
  });

  it('says which segments are not archived yet', () => {
    const { plan } = shown();
    const held = plan.segments.slice(0, -1);
    expect(headingLines(shown({}, { held })).join('\n')).toMatch(
      /WAL {7}\d segments \(0000000300000000000000\w\w to .*\), \d in the archive, 1 to be archived before anything is stopped; by barman-wal-restore/,
    );
  });

  it.each([
    ['files', 'files: recovery files are made'],
    ['apply', 'apply: restored in place on db2, not started'],
    ['restore', 'restore: replayed on db2 and promoted outside Patroni; db1 and db3 left alone'],
  ] as const)('mode %s › is said, and no fence', (mode, words) => {
    const text = headingLines(shown({ mode })).join('\n');
    expect(text).toContain(words);
    expect(text).not.toContain('fence');
  });

  it.each([
    ['latest', 'the newest'],
    ['20261121T06383', 'the only one that begins with 20261121T06383'],
  ])('backup %s › says why it was chosen', (backup, why) => {
    expect(headingLines(shown({ backup })).join('\n')).toContain(`20261121T063833, ${why}: ended`);
  });
});

describe('a plan', () => {
  it('shows each step with its commands, and how members come back', () => {
    const text = planLines(shown()).join('\n');
    expect(text).toMatch(
      / {2}\d\. have what the target needs archived {2}\[archive-tail\]\n {5}changes {2}.*\n {7}docker exec /,
    );
    expect(text).toMatch(/How the other members come back\n\n {2}db1 {7}by (copy|rewind): /);
    expect(text).toContain('the recovered data will be on timeline 4');
    expect(text.endsWith('\nNothing was changed.')).toBe(true);
  });
});

describe('what is left to do', () => {
  it('is a block for a shell: titles are comments, commands stand alone', () => {
    const step = (title: string, commands: string[]) => ({ id: title, title, commands, changes: '' });
    expect(remainingLines([step('one', ['docker a', 'docker b']), step('two', ['docker c'])])).toEqual([
      '# 1. one',
      'docker a',
      'docker b',
      '',
      '# 2. two',
      'docker c',
    ]);
  });
});

describe('targets in words', () => {
  it.each([
    [{ kind: 'time', time: '2026-11-21 06:44:00+00', inclusive: false }, '2026-11-21 06:44:00 UTC, exclusive'],
    [{ kind: 'lsn', lsn: '0/3000148', inclusive: true }, 'LSN 0/3000148, inclusive'],
    [{ kind: 'xid', xid: '736', inclusive: false }, 'transaction 736, exclusive'],
    [{ kind: 'name', name: 'a b' }, 'restore point "a b"'],
    [{ kind: 'latest' }, 'the end of the WAL (latest)'],
  ] as const)('%j', (target, words) => expect(targetText(target)).toBe(words));

  it('a fraction stays', () => expect(utcText('2026-11-21 13:44:00.5+07')).toBe('2026-11-21 06:44:00.500000 UTC'));
});

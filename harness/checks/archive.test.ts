import { archive } from './archive';
import { honestEvidence } from './honest-evidence';
import { checkResult } from './judge';
import { there, type Spoiled } from './spoiled';

const result = (vary?: (spoiled: Spoiled) => void) => checkResult(archive, honestEvidence(vary));

describe('archive', () => {
  test('whole › is ok', () =>
    expect(result().findings.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']));

  test.each<[string, (spoiled: Spoiled) => void]>([
    ['a slot that is not in use at this moment', ({ archive: seen }) => void (seen.slot.active = false)],
    ['a slot that holds WAL already archived', ({ archive: seen }) => void (seen.slot.restartLsn = '0/9000000')],
    [
      'histories of branches that were left',
      ({ archive: seen }) => void (seen.histories['9'] = '1\t0/3000000\tbefore LSN 0/3000000\n'),
    ],
    [
      'a fresh backup after the switchover',
      ({ archive: seen }) => void (there(seen.freshBackup, 'backup').timeline = 4),
    ],
  ])('%s › is no fault', (_name, vary) => expect(result(vary).status).toBe('ok'));

  test.each<[string, (spoiled: Spoiled) => void, string]>([
    [
      'missing segments',
      ({ archive: seen }) => void (seen.segments.missing = ['a', 'b', 'c', 'd', 'e', 'f']),
      '6 of 7 missing',
    ],
    ['a history missed in the walk', ({ archive: seen }) => void seen.missingHistories.push(3), 'missing for 3'],
    [
      'barman check, without a line that fails',
      ({ archive: seen }) => void (seen.check.passed = false),
      '0 lines fail',
    ],
    [
      'barman check, with a line that fails',
      ({ archive: seen }) => void seen.check.failing.push('ssh'),
      '1 lines fail',
    ],
    [
      'a history that is not there, though nobody missed it',
      ({ archive: seen }) => void delete seen.histories['3'],
      'not there: 3',
    ],
    ['a history cut short', ({ archive: seen }) => void (seen.histories['3'] = ''), 'of another branch: 3'],
    ['a history that is none', ({ archive: seen }) => void (seen.histories['2'] = 'rubbish'), 'of another branch: 2'],
    [
      'barman check',
      ({ archive: seen }) => void (seen.check = { passed: false, failing: ['ssh: FAILED'] }),
      '1 lines fail',
    ],
    [
      'the old backup again',
      ({ archive: seen, cluster }) => void (seen.freshBackup = there(cluster.backup, 'backup')),
      'none was made after the recovery',
    ],
    [
      'a fresh backup of another branch',
      ({ archive: seen }) => void (there(seen.freshBackup, 'backup').timeline = 9),
      "timeline 9: of a timeline that is not the leader's",
    ],
    [
      'a fresh backup of another system',
      ({ archive: seen }) => void (there(seen.freshBackup, 'backup').systemIdentifier = '5'),
      'of system 5',
    ],
  ])('%s › is red', (_name, vary, found) => {
    const { status, findings } = result(vary);
    expect(status).toBe('failed');
    expect(findings.filter((finding) => finding.status === 'failed').map((finding) => finding.found)).toEqual([
      expect.stringContaining(found),
    ]);
    if (found.startsWith('not there') || found.startsWith('of another')) {
      expect(findings.map((finding) => finding.found)).not.toContain('all there');
    }
  });

  test('missing segments › the first five are named', () => {
    const { findings } = result(({ archive: seen }) => void (seen.segments.missing = ['a', 'b', 'c', 'd', 'e', 'f']));
    expect(findings.find(({ status }) => status === 'failed')?.detail?.slice(0, 5)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test.each<[string, (spoiled: Spoiled) => void]>([
    ['not observed', ({ cluster }) => void delete cluster.archive],
    ['nothing looked for', ({ archive: seen }) => void (seen.segments.needed = 0)],
    ['fewer segments looked for than there are', ({ archive: seen }) => void (seen.segments.needed = 6)],
    ['no backup to begin with', ({ cluster }) => void delete cluster.backup],
    ['a slot that does not say what it holds', ({ archive: seen }) => void delete seen.slot.restartLsn],
    ["the leader's history not read", ({ leader }) => void delete leader.history],
  ])('%s › is unverified', (_name, vary) => expect(result(vary).status).toBe('unverified'));

  test('a recovery that is expected to be refused › not applicable', () => {
    expect(result(({ episode }) => void (episode.expectation = { kind: 'refused', code: 'PGDRILL_X' })).status).toBe(
      'not-applicable',
    );
  });
});

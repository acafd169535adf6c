import { archive } from './archive';
import { honestEvidence } from './honest-evidence';
import { checkResult } from './judge';
import { there, type Spoiled } from './spoiled';

const step = (id: string) => ({ id, title: id, commands: [], changes: 'nothing' });
const result = (vary?: (spoiled: Spoiled) => void) => checkResult(archive, honestEvidence(vary));

describe('archive', () => {
  test('whole › is ok', () => expect(result().findings.map(({ status }) => status)).toEqual(Array(8).fill('ok')));

  test.each<[string, (spoiled: Spoiled) => void]>([
    ['a slot that is not in use at this moment', ({ archive: seen }) => void (seen.slot.active = false)],
    [
      'a slot at the end of the segment that is being received',
      ({ archive: seen }) => void (seen.slot.restartLsn = seen.slot.heldUntilLsn),
    ],
    ['a slot that holds WAL already archived', ({ archive: seen }) => void (seen.slot.restartLsn = '0/9000000')],
    [
      'histories of branches that were left',
      ({ archive: seen }) => void (seen.histories['9'] = '1\t0/3000000\tbefore LSN 0/3000000\n'),
    ],
    [
      'the end of a timeline that was left, whatever its number',
      ({ archive: seen }) => void there(seen.partial, 'partial').endOfTimeline.push('000000090000000000000003.partial'),
    ],
    [
      'a piece of the parent’s segment in which the branch lies: the child’s copy is whole',
      ({ archive: seen }) => void there(seen.partial, 'partial').endOfTimeline.push('00000002000000000000000A.partial'),
    ],
    [
      'a line of barman check that the recovery explains and its plan cures',
      ({ archive: seen, recovery }) => {
        there(recovery.plan, 'plan').steps.push(step('rearm'));
        seen.check.atFirst = ['receive wal running (See the Barman log file for more details)'];
      },
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
      'a line of barman check that the recovery explains, when its step was left out',
      ({ archive: seen, recovery }) => {
        there(recovery.plan, 'plan').steps.push(step('rearm'));
        recovery.replacedSteps = ['rearm'];
        seen.check.atFirst = ['receive wal running (See the Barman log file for more details)'];
      },
      '1 lines failed at first',
    ],
    [
      'a line of barman check that nothing explains, though it came right',
      ({ archive: seen }) => void (seen.check.atFirst = ['archiver errors (duplicates: 2)']),
      '1 lines failed at first',
    ],
    [
      'a segment in part only',
      ({ archive: seen }) => {
        seen.segments.missing = ['000000010000000000000006'];
        there(seen.partial, 'partial').endOfTimeline.push('000000010000000000000006.partial');
      },
      '1 there in part only',
    ],
    [
      'a changed file',
      ({ archive: seen }) => void there(seen.source, 'source').changed.push('wals/00000002.history'),
      '1 of 5 files changed',
    ],
    [
      'a file that is gone',
      ({ archive: seen }) => void there(seen.source, 'source').gone.push('wals/00000002.history'),
      '1 of 5 files gone',
    ],
    [
      'a data file of the backup',
      ({ archive: seen }) =>
        void (there(seen.source, 'source').data = { backup: 'b', sound: false, problems: ['checksum mismatch'] }),
      '1 are not',
    ],
    ['WAL on neither side', ({ archive: seen }) => void (seen.slot.restartLsn = '0/C000001'), 'holds from 0/C000001'],
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
    ['nobody looked where what Barman holds ends', ({ archive: seen }) => void delete seen.slot.heldUntilLsn],
    ['nothing noted before the accident', ({ archive: seen }) => void (there(seen.source, 'source').files = 0)],
    ["the backup's data not verified", ({ archive: seen }) => void delete there(seen.source, 'source').data],
    ['segments in part not looked for', ({ archive: seen }) => void delete seen.partial],
    ["the leader's history not read", ({ leader }) => void delete leader.history],
  ])('%s › is unverified', (_name, vary) => expect(result(vary).status).toBe('unverified'));

  test('a recovery that is expected to be refused › not applicable', () => {
    expect(result(({ episode }) => void (episode.expectation = { kind: 'refused', code: 'PGDRILL_X' })).status).toBe(
      'not-applicable',
    );
  });
});

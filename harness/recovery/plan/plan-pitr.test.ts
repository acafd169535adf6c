import { recoveryPlanSchema, type RecoveryTarget } from '../../record/recovery';
import type { PitrFacts, PitrRequest } from './facts';
import { planIsolatedNodePitr } from './plan-pitr';
import {
  NEW_BACKUP,
  OLD_BACKUP,
  refusalOf,
  sampleBackup,
  sampleFacts,
  sampleMember,
  sampleOldBackup,
  sampleRequest,
} from './sample-facts';

const plan = (request: Partial<PitrRequest> = {}, facts: Partial<PitrFacts> = {}) =>
  planIsolatedNodePitr(sampleRequest(request), sampleFacts(facts));
const refusal = (request: Partial<PitrRequest> = {}, facts: Partial<PitrFacts> = {}) =>
  refusalOf(() => plan(request, facts));
const without = (...gone: string[]) => ({
  segments: sampleFacts().segments.filter((name) => !gone.some((end) => name.endsWith(end))),
});
const at = (time: string): RecoveryTarget => ({ kind: 'time', time, inclusive: true });
const lsn = (text: string): RecoveryTarget => ({ kind: 'lsn', lsn: text, inclusive: true });

describe('plan of a PITR', () => {
  test('on an isolated node › has the form that events record', () => {
    const made = plan();
    expect(recoveryPlanSchema.parse(made)).toEqual(made);
    expect(made).toMatchObject({
      strategy: 'isolated-node',
      targetTimeline: 3,
      backup: NEW_BACKUP,
      node: 'db2',
      others: [
        { member: 'db1', rejoin: 'copy' },
        { member: 'db3', rejoin: 'copy' },
      ],
      warnings: [],
    });
  });

  test('is a function of its arguments alone › they are not changed, the same gives the same', () => {
    const request = sampleRequest();
    const facts = sampleFacts();
    const first = planIsolatedNodePitr(request, facts);
    expect(planIsolatedNodePitr(request, facts)).toEqual(first);
    expect(request).toEqual(sampleRequest());
    expect(facts).toEqual(sampleFacts());
  });

  test('one member only › it is recovered on, and nothing rejoins', () => {
    const made = plan({}, { members: [sampleMember('db1', { leader: true })] });
    expect(made.node).toBe('db1');
    expect(made.others).toEqual([]);
    expect(made.steps.map((step) => step.id)).not.toContain('rejoin');
  });

  test('the node asked for › is taken', () => {
    expect(plan({ node: 'db3' })).toMatchObject({ node: 'db3', others: [{ member: 'db1' }, { member: 'db2' }] });
  });
});

describe('plan of a PITR › warnings', () => {
  test('latest › replays an accident too', () => {
    expect(plan({ target: { kind: 'latest' } }).warnings).toEqual([expect.stringContaining('logical accident')]);
  });

  test('the leader as the node › may be, and what speaks for another is said', () => {
    expect(plan({ node: 'db1', mode: 'cluster', fence: 'now' }).warnings).toEqual([
      expect.stringMatching(/^db1 is the leader: .* Recovered on db2 or db3, /),
    ]);
    expect(plan({ node: 'db1' }, { members: [sampleMember('db1', { leader: true })] }).warnings).toEqual([]);
  });

  test('synchronous mode › a lone leader acknowledges alone, or with strict not at all', () => {
    expect(plan({}, { synchronous: true }).warnings).toEqual([expect.stringContaining('that it alone holds')]);
    expect(plan({}, { synchronous: true, synchronousStrict: true }).warnings).toEqual([
      expect.stringContaining('takes no write until one replica streams'),
    ]);
  });
});

describe('plan of a PITR › what it refuses whole', () => {
  test.each<[string, Partial<PitrFacts>, string]>([
    ['PGDRILL_STANDBY_CLUSTER', { standbyCluster: true }, 'recover the primary cluster'],
    ['PGDRILL_PAUSED', { paused: true }, 'resume'],
  ])('%s', (code, facts, words) => {
    const error = refusal({}, facts);
    expect(error.code).toBe(code);
    expect(`${error.what} ${error.cure}`).toContain(words);
  });

  test('a target on a timeline that nobody knows', () => {
    const error = refusal({ targetTimeline: 4 });
    expect(error.code).toBe('PGDRILL_TIMELINE_UNKNOWN');
    expect(error.what).toContain('timeline 4');
    expect(error.cure).toContain('timeline 3 (0/60000A0 to 0/C000148)');
  });

  test('a member whose container does not run, for it can be neither fenced nor copied', () => {
    const members = [
      sampleMember('db1', { leader: true }),
      sampleMember('db2'),
      sampleMember('db3', { running: false }),
    ];
    const error = refusal({}, { members });
    expect(error.code).toBe('PGDRILL_MEMBER_STOPPED');
    expect(error.cure).toContain('docker start db3');
  });
});

describe('plan of a PITR › the backup', () => {
  test('auto › the newest that ends before the target', () => {
    expect(plan().backup).toBe(NEW_BACKUP);
    expect(plan({ target: lsn('0/B000000') }).backup).toBe(NEW_BACKUP);
    expect(plan({ target: { kind: 'latest' } }).backup).toBe(NEW_BACKUP);
  });

  test('auto › newest by its id, in whatever order Barman lists them', () => {
    expect(plan({}, { backups: [sampleOldBackup(), sampleBackup()] }).backup).toBe(NEW_BACKUP);
  });

  test('auto, a target within the newest › the one before it, of an ancestor timeline', () => {
    expect(plan({ target: at('2026-11-21 06:38:36.605026+00') }).backup).toBe(OLD_BACKUP);
    expect(plan({ target: at('2026-11-21 06:38:36.605027+00') }).backup).toBe(NEW_BACKUP);
    expect(plan({ target: lsn('0/9FFFFFF') }).backup).toBe(OLD_BACKUP);
    expect(plan({ target: lsn('0/A000000') }).backup).toBe(NEW_BACKUP);
  });

  test('auto › passes over a backup of a branch that was left', () => {
    const strayed = sampleBackup({ timeline: 2, endLsn: '0/A000000' });
    expect(plan({}, { backups: [strayed, sampleOldBackup()] }).backup).toBe(OLD_BACKUP);
  });

  test('auto › takes a backup that ends exactly where its timeline was left', () => {
    const last = sampleOldBackup({ endLsn: '0/5B925E8' });
    expect(plan({}, { backups: [last] }).backup).toBe(OLD_BACKUP);
    const beyond = sampleOldBackup({ endLsn: '0/5B925E9' });
    expect(refusal({}, { backups: [beyond] }).code).toBe('PGDRILL_BACKUP_UNKNOWN');
  });

  test('auto › passes over a backup of another system, and one that waits for WAL', () => {
    const foreign = sampleBackup({ systemIdentifier: '1' });
    const waiting = sampleBackup({ status: 'WAITING_FOR_WALS' });
    expect(plan({}, { backups: [foreign, sampleOldBackup()] }).backup).toBe(OLD_BACKUP);
    expect(plan({}, { backups: [waiting, sampleOldBackup()] }).backup).toBe(OLD_BACKUP);
  });

  test('auto, none ends before the target › refused, with the ends of those that are there', () => {
    const error = refusal({ target: at('2026-11-21 06:00:00+00') });
    expect(error.code).toBe('PGDRILL_BACKUP_UNKNOWN');
    expect(error.cure).toContain(`${OLD_BACKUP} (ends 2026-11-21 06:37:46.923310+00, 0/5000000, timeline 1)`);
    expect(refusal({}, { backups: [] }).cure).toContain('none');
  });

  test('asked for › is taken, although a newer one would do', () => {
    expect(plan({ backup: OLD_BACKUP }).backup).toBe(OLD_BACKUP);
  });

  test('unknown, or not usable › refused with those that are', () => {
    const unknown = refusal({ backup: '20200101T000000' });
    expect(unknown.code).toBe('PGDRILL_BACKUP_UNKNOWN');
    expect(unknown.cure).toContain(`${NEW_BACKUP}, ${OLD_BACKUP}`);
    const backups = [sampleBackup({ status: 'WAITING_FOR_WALS' }), sampleOldBackup()];
    const waiting = refusal({ backup: NEW_BACKUP }, { backups });
    expect(waiting.code).toBe('PGDRILL_BACKUP_UNKNOWN');
    expect(waiting.cure).not.toContain(NEW_BACKUP);
    expect(refusal({ backup: NEW_BACKUP }, { backups: [] }).cure).toContain('make a backup first');
  });

  test('of another system › refused with both numbers', () => {
    const error = refusal({ backup: NEW_BACKUP }, { backups: [sampleBackup({ systemIdentifier: '42' })] });
    expect(error.code).toBe('PGDRILL_WRONG_SYSTEM');
    expect(error.what).toContain('42');
    expect(error.what).toContain('7710510215079346229');
  });

  test('of a branch that was left › refused, with those on the way', () => {
    const backups = [sampleBackup({ timeline: 2 }), sampleOldBackup()];
    const error = refusal({ backup: NEW_BACKUP }, { backups });
    expect(error.code).toBe('PGDRILL_BACKUP_UNKNOWN');
    expect(error.what).toContain('timeline 2');
    expect(error.cure).toBe(`choose one of ${OLD_BACKUP}`);
  });
});

describe('plan of a PITR › the target', () => {
  test('before the end of the backup › refused, with the older one that would do', () => {
    for (const target of [at('2026-11-21 06:38:36+00'), lsn('0/9000100')]) {
      const error = refusal({ backup: NEW_BACKUP, target });
      expect(error.code).toBe('PGDRILL_TARGET_BEFORE_BACKUP');
      expect(error.what).toContain('2026-11-21 06:38:36.605027+00, 0/A000000');
      expect(error.cure).toMatch(new RegExp(`older backup: ${OLD_BACKUP}$`));
    }
  });

  test('before the end of the oldest backup › no backup is offered', () => {
    const error = refusal({ backup: OLD_BACKUP, target: at('2026-11-21 06:37:00+00') });
    expect(error.code).toBe('PGDRILL_TARGET_BEFORE_BACKUP');
    expect(error.cure).not.toMatch(/\d{8}T\d{6}/);
  });

  test('on a timeline that was left › refused: the new history would go backwards', () => {
    const old = { backup: OLD_BACKUP, target: lsn('0/5B925E7') };
    const error = refusal(old);
    expect(error.code).toBe('PGDRILL_TARGET_OFF_TIMELINE');
    expect(error.what).toContain('0/5B925E7 lies on timeline 1');
    expect(error.cure).toContain('which begins at 0/60000A0');
    expect(refusal({ ...old, target: lsn('0/600009F') }).what).toContain('lies on timeline 2');
    expect(plan({ ...old, target: lsn('0/60000A0') }).backup).toBe(OLD_BACKUP);
    expect(refusal({ backup: OLD_BACKUP, target: { kind: 'immediate' } }).code).toBe('PGDRILL_TARGET_OFF_TIMELINE');
    expect(plan({ target: { kind: 'immediate' } }).backup).toBe(NEW_BACKUP);
  });

  test('a zone is read, not guessed', () => {
    expect(plan({ target: at('2026-11-21 13:38:36.605027+07') }).backup).toBe(NEW_BACKUP);
    expect(refusal({ target: at('2026-11-21 13:46:00+06:30') }).code).toBe('PGDRILL_TARGET_IN_FUTURE');
  });

  test('in the future › refused, now and the end of WAL are still allowed', () => {
    const late = refusal({ target: at('2026-11-21 06:45:00.000001+00') });
    expect(late.code).toBe('PGDRILL_TARGET_IN_FUTURE');
    expect(late.what).toContain('it is 2026-11-21 06:45:00.000000+00');
    const beyond = refusal({ target: lsn('0/C000149') });
    expect(beyond.code).toBe('PGDRILL_TARGET_IN_FUTURE');
    expect(beyond.cure).toContain('between 0/A000000 and 0/C000148');
    expect(plan({ target: at('2026-11-21 06:45:00+00') }).backup).toBe(NEW_BACKUP);
    expect(plan({ target: lsn('0/C000148') }).backup).toBe(NEW_BACKUP);
  });

  test('an LSN is compared as a number, not as text', () => {
    const facts = { currentLsn: '1/0', backups: [sampleBackup({ endLsn: '0/A000000' })] };
    const segments = sampleFacts().segments;
    const all = Array.from(
      { length: 256 - 9 },
      (_, n) => `0000000300000000${(n + 9).toString(16).toUpperCase().padStart(8, '0')}`,
    );
    expect(plan({ target: lsn('0/10000000') }, { ...facts, segments: [...segments, ...all] }).backup).toBe(NEW_BACKUP);
    expect(refusal({ target: lsn('10/0') }, facts).code).toBe('PGDRILL_TARGET_IN_FUTURE');
  });
});

describe('plan of a PITR › segments', () => {
  test('from the begin of the backup to now, each from the timeline that owns it', () => {
    expect(plan({ backup: OLD_BACKUP }).segments).toEqual([
      '000000010000000000000004',
      '000000020000000000000005',
      '000000030000000000000006',
      '000000030000000000000007',
      '000000030000000000000008',
      '000000030000000000000009',
      '00000003000000000000000A',
      '00000003000000000000000B',
      '00000003000000000000000C',
    ]);
  });

  test('an LSN › no further than the segment after it, where the next record may begin', () => {
    const { segments } = plan({ backup: OLD_BACKUP, target: lsn('0/6000100') });
    expect(segments.at(-1)).toBe('000000030000000000000007');
    expect(plan({ target: lsn('0/C000148') }).segments.at(-1)).toBe('00000003000000000000000C');
  });

  test('immediate › no further than the end of the backup', () => {
    expect(plan({ target: { kind: 'immediate' } }).segments).toEqual(['000000030000000000000009']);
  });

  test('the last ones may still be on their way', () => {
    expect(plan({}, without('0B')).segments.at(-1)).toBe('00000003000000000000000C');
    expect(plan({}, without('0A', '0B')).segments).toHaveLength(4);
  });

  test.each(['05', '06', '07', '08', '09', '0A'])('a gap at …%s › refused by name, with how far one can go', (gone) => {
    const error = refusal({ backup: OLD_BACKUP }, without(gone));
    const name = sampleFacts().segments.find((segment) => segment.endsWith(gone));
    expect(error.code).toBe('PGDRILL_WAL_GAP');
    expect(error.what).toContain(`1 of 9 segments`);
    expect(error.what).toContain(String(name));
    const last = (parseInt(gone, 16) - 1).toString(16).toUpperCase();
    expect(error.cure).toContain(
      gone < '08'
        ? `from backup ${OLD_BACKUP} no target on timeline 3 can be reached`
        : `recovery is possible from backup ${OLD_BACKUP}, from lsn:0/60000A0 to lsn:0/${last}000000; ${name} would begin at 0/${gone.slice(1)}000000`,
    );
    // What lies before the newer backup begins does not matter to it.
    expect(error.cure).toMatch(
      gone < '09' ? new RegExp(`; without a gap to this target: backup ${NEW_BACKUP}$`) : /; no other backup/,
    );
  });

  test('many gaps › counted, the first five named', () => {
    const error = refusal({ backup: OLD_BACKUP }, without('05', '06', '07', '08', '09', '0A'));
    expect(error.what).toContain('6 of 9');
    expect(error.what).toContain('000000030000000000000009 …');
    expect(error.what).not.toContain('00000003000000000000000A');
  });

  test('a gap within the backup › another backup is the only way, even where nothing later is held', () => {
    const first = refusal({ backup: OLD_BACKUP }, without('04'));
    expect(first.code).toBe('PGDRILL_WAL_GAP');
    expect(first.cure).toContain('choose another backup');
    expect(refusal({}, { segments: [] }).code).toBe('PGDRILL_WAL_GAP');
    expect(refusal({ target: { kind: 'immediate' } }, { segments: [] }).code).toBe('PGDRILL_WAL_GAP');
  });

  test('a gap after the target › does not matter', () => {
    expect(plan({ backup: OLD_BACKUP, target: lsn('0/6000100') }, without('09')).backup).toBe(OLD_BACKUP);
    expect(plan({ target: { kind: 'immediate' } }, without('0A', '0B')).backup).toBe(NEW_BACKUP);
  });

  test("the parent's copy of a segment is no substitute for the child's", () => {
    const segments = [...without('05').segments, '000000010000000000000005'];
    expect(refusal({ backup: OLD_BACKUP }, { segments }).what).toContain('000000020000000000000005');
  });

  test('another segment size › other names', () => {
    const segments = ['000000030000000000000002', '000000030000000000000003'];
    const made = plan({}, { segmentSize: 64 * 1024 * 1024, segments });
    expect(made.segments).toEqual(['000000030000000000000002', '000000030000000000000003']);
  });

  test('no room for the backup beside the old data › refused with the figures; just enough is enough', () => {
    const members = (freeBytes: bigint) => ({
      members: [sampleMember('db1', { leader: true }), sampleMember('db2', { freeBytes })],
    });
    const needed = (27_219_030n * 11n) / 10n;
    expect(refusal({}, members(needed - 1n))).toMatchObject({ code: 'PGDRILL_DISK_LOW' });
    expect(refusal({}, members(needed - 1n)).what).toContain('29 MB are free for the data of db2');
    expect(plan({}, members(needed)).node).toBe('db2');
  });
});

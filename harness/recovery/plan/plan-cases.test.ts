import type { RecoveryTarget } from '../../record/recovery';
import type { PitrFacts, PitrRequest } from './facts';
import { planIsolatedNodePitr } from './plan-pitr';
import {
  HISTORY_OF_3,
  NEW_BACKUP,
  OLD_BACKUP,
  refusalOf,
  sampleBackup,
  sampleFacts,
  sampleMember,
  sampleOldBackup,
  sampleRequest,
} from './sample-facts';

const MB = 1024 * 1024;
const plan = (request: Partial<PitrRequest> = {}, facts: Partial<PitrFacts> = {}) =>
  planIsolatedNodePitr(sampleRequest(request), sampleFacts(facts));
const refusal = (request: Partial<PitrRequest> = {}, facts: Partial<PitrFacts> = {}) =>
  refusalOf(() => plan(request, facts));
const at = (time: string, inclusive = true): RecoveryTarget => ({ kind: 'time', time, inclusive });
const lsn = (text: string, inclusive = true): RecoveryTarget => ({ kind: 'lsn', lsn: text, inclusive });
const latest: RecoveryTarget = { kind: 'latest' };
const commit = (where: string, time: string, xid = '900') => ({ lsn: where, xid, time, record: 'COMMIT' });

/** A cluster that never left timeline 1, with one backup. */
const onTimelineOne = (change: Partial<PitrFacts>): Partial<PitrFacts> => ({
  timeline: 1,
  history: '',
  histories: [],
  ...change,
});

describe('cases of a PITR › WAL names', () => {
  test.each<[number, string, string, string[]]>([
    [1, '0/FFF00028', '1/100', ['000000010000000000000FFF', '000000010000000100000000']],
    [2, '0/FFE00028', '1/100', ['0000000100000000000007FF', '000000010000000100000000']],
    [16, '0/FF000028', '1/100', ['0000000100000000000000FF', '000000010000000100000000']],
    [64, '0/FC000028', '1/100', ['00000001000000000000003F', '000000010000000100000000']],
    [256, '0/F0000028', '1/100', ['00000001000000000000000F', '000000010000000100000000']],
    [1024, '0/C0000028', '1/100', ['000000010000000000000003', '000000010000000100000000']],
    [16, 'FF/FF000028', '100/100', ['00000001000000FF000000FF', '000000010000010000000000']],
  ])('segments of %d MB, from %s to %s › the log wraps where the size says', (size, begin, now, segments) => {
    const backups = [sampleOldBackup({ beginLsn: begin, endLsn: begin.replace(/28$/, '80') })];
    const facts = onTimelineOne({ segmentSize: size * MB, currentLsn: now, segments, backups });
    expect(plan({ targetTimeline: 1, target: latest }, facts).segments).toEqual(segments);
    // Both are looked for in the archive under these very names.
    const error = refusal({ targetTimeline: 1, target: latest }, { ...facts, segments: segments.slice(1) });
    expect([error.code, error.what]).toEqual(['PGDRILL_WAL_GAP', expect.stringContaining(segments[0]!)]);
  });
});

/**
 * Timeline 1 was left by a PITR (2) and Patroni's start after it (3). It had gone on to 0/8000000, and that is still in
 * the archive.
 */
const abandonedWal = ['05', '06', '07'].map((end) => `0000000100000000000000${end}`);
const abandoned: Partial<PitrFacts> = {
  segments: [...sampleFacts().segments, ...abandonedWal].sort(),
  lastCommit: commit('0/7000100', '2026-11-21 06:38:20.000000+00'),
};
const back = (target: RecoveryTarget, change: Partial<PitrFacts> = {}) =>
  plan({ targetTimeline: 1, target }, { ...abandoned, ...change });
const backRefused = (target: RecoveryTarget, change: Partial<PitrFacts> = {}) =>
  refusal({ targetTimeline: 1, target }, { ...abandoned, ...change });

describe('cases of a PITR › back to an abandoned timeline', () => {
  test('latest on it › planned from the backup on it, by its number, and what is discarded is said', () => {
    const made = back(latest);
    expect(made).toMatchObject({ targetTimeline: 1, backup: OLD_BACKUP });
    expect(made.segments).toEqual(['000000010000000000000004', ...abandonedWal]);
    expect(made.warnings).toContainEqual(
      expect.stringContaining('committed on timeline 3 since it branched off is discarded'),
    );
    expect(made.steps.flatMap((step) => step.commands).join('\n')).toContain('barman recover --target-tli 1 ');
  });

  test('a target in its middle › planned; beyond its last commit none can be made any more › refused', () => {
    expect(back(at('2026-11-21 06:38:19.999999+00')).backup).toBe(OLD_BACKUP);
    expect(back(at('2026-11-21 06:38:20+00', false)).backup).toBe(OLD_BACKUP);
    const error = backRefused(at('2026-11-21 06:38:20+00'));
    expect(error.code).toBe('PGDRILL_TARGET_AFTER_LAST_WAL');
    expect(error.what).toContain('transaction 900 at 2026-11-21 06:38:20.000000+00 (0/7000100)');
    expect(error.cure).toContain('`latest` on timeline 1');
  });

  test('an LSN › up to the end of the last segment held', () => {
    expect(back(lsn('0/6000100')).segments.at(-1)).toBe('000000010000000000000007');
    expect(back(lsn('0/7FFFFFF')).segments.at(-1)).toBe('000000010000000000000007');
    expect(backRefused(lsn('0/8000000')).code).toBe('PGDRILL_TARGET_AFTER_LAST_WAL');
  });

  test('nobody looked for its last commit › warned, not refused', () => {
    const made = plan({ targetTimeline: 1, target: at('2026-11-21 06:38:20+00') }, { segments: abandoned.segments! });
    expect(made.warnings).toContainEqual(expect.stringContaining('on timeline 1 after the target is not known'));
  });

  test('what it lacks in the archive never comes › a gap at each place is refused, also at its end', () => {
    for (const gone of ['05', '06']) {
      const segments = abandoned.segments!.filter((name) => name !== `0000000100000000000000${gone}`);
      expect(backRefused(latest, { segments }).what).toContain(`0000000100000000000000${gone}`);
    }
  });

  test('a backup of the branch that replaced it is none of its own', () => {
    expect(refusal({ targetTimeline: 1, target: latest, backup: NEW_BACKUP }, abandoned)).toMatchObject({
      code: 'PGDRILL_BACKUP_UNKNOWN',
      cure: `choose one of ${OLD_BACKUP}`,
    });
  });

  test('an ancestor that lies on the way, at the other side of the switch › asked for by its number', () => {
    const off = refusal({ backup: OLD_BACKUP, target: lsn('0/5000100') }, abandoned);
    expect(off.code).toBe('PGDRILL_TARGET_OFF_TIMELINE');
    expect(off.cure).toMatch(/ask for this one on timeline 1: pgdrill pitr \S+ lsn:0\/5000100 --timeline 1$/);
    expect(back(lsn('0/5000100')).segments).toEqual([
      '000000010000000000000004',
      '000000010000000000000005',
      '000000010000000000000006',
    ]);
  });
});

describe('cases of a PITR › several branches', () => {
  test('two PITRs from one backup, the earlier target second › the next free number, no collision', () => {
    const first = plan({ backup: OLD_BACKUP, target: lsn('0/6000100') });
    const second = plan({ backup: OLD_BACKUP, targetTimeline: 1, target: lsn('0/5000100') }, abandoned);
    expect(first.steps.find((step) => step.id === 'replay')?.changes).toContain('of its own, 4');
    expect(second.steps.find((step) => step.id === 'replay')?.changes).toContain('of its own, 4');
  });

  test('a history that a rolled-back recovery left › its number is passed over', () => {
    const histories = [...sampleFacts().histories, { timeline: 4, text: `${HISTORY_OF_3}3\t0/B000000\tx\n` }];
    expect(plan({}, { histories }).steps.find((step) => step.id === 'replay')?.changes).toContain('of its own, 5');
  });

  test('a history is missing in between › the number would be used twice: refused, with how to archive it', () => {
    const error = refusal(
      { targetTimeline: 1, target: latest },
      { ...abandoned, histories: sampleFacts().histories.slice(1) },
    );
    expect(error.code).toBe('PGDRILL_TIMELINE_TAKEN');
    expect(error.what).toContain('00000002.history is not in the archive');
    expect(error.cure).toContain('docker exec db1');
    expect(error.cure).toContain('pg_wal/00000002.history');
  });

  test('WAL of the next number lies there without its history › refused too', () => {
    const segments = [...sampleFacts().segments, '00000004000000000000000C'];
    expect(refusal({}, { segments })).toMatchObject({ code: 'PGDRILL_TIMELINE_TAKEN' });
  });

  test('two branches of one number › refused, a target before both is not', () => {
    const histories = [sampleFacts().histories[0]!, { timeline: 3, text: '1\t0/5B925E8\tanother\n' }];
    const error = refusal({}, { histories });
    expect(error.code).toBe('PGDRILL_TIMELINE_TWICE');
    expect(error.what).toContain('00000003.history');
    expect(plan({ targetTimeline: 1, target: latest }, { ...abandoned, histories }).backup).toBe(OLD_BACKUP);
  });

  test.each<[string, Partial<PitrFacts>, RegExp]>([
    ['no WAL of it', {}, /holds no WAL of it/],
    [
      'WAL, no history',
      { segments: [...sampleFacts().segments, '00000009000000000000000C'] },
      /but not 00000009\.history/,
    ],
    [
      'a history that goes backwards',
      {
        segments: [...sampleFacts().segments, '00000009000000000000000C'],
        histories: [{ timeline: 9, text: '1\t0/6000000\tx\n2\t0/5000000\ty\n' }],
      },
      /names no branch/,
    ],
  ])('a timeline that cannot be reached: %s › refused with those that can', (_what, facts, why) => {
    const error = refusal({ targetTimeline: 9 }, facts);
    expect(error.code).toBe('PGDRILL_TIMELINE_UNKNOWN');
    expect(error.what).toMatch(why);
    expect(error.cure).toContain('timeline 3');
  });
});

describe('cases of a PITR › the backup', () => {
  test('auto › the newest by its place in the WAL, though its id is older: a clock was set back', () => {
    const backups = [sampleBackup({ id: '20261121T053833' }), sampleOldBackup()];
    expect(plan({ target: lsn('0/B000000') }, { backups }).backup).toBe('20261121T053833');
  });

  test('auto, by xid or name › what lies before the newest backup is warned of', () => {
    const warned = [expect.stringContaining(`took the newest backup, ${NEW_BACKUP}`)];
    expect(plan({ target: { kind: 'xid', xid: '777', inclusive: true } }).warnings).toEqual(warned);
    expect(plan({ target: { kind: 'name', name: 'rp' } }).warnings).toEqual(warned);
    expect(plan({ backup: NEW_BACKUP, target: { kind: 'name', name: 'rp' } }).warnings).toEqual([]);
  });

  test('`latest` and a begin that only one has › taken; one that two have › refused', () => {
    expect(plan({ backup: 'latest' }).backup).toBe(NEW_BACKUP);
    expect(plan({ backup: '20261121T0637' }).backup).toBe(OLD_BACKUP);
    const error = refusal({ backup: '20261121' });
    expect(error.what).toContain('2 backups of patroni1 begin with 20261121');
    expect(error.cure).toContain(OLD_BACKUP);
  });
});

describe('cases of a PITR › gaps', () => {
  test('latest with a hole › refused with the range and the backup that needs nothing of it', () => {
    const segments = sampleFacts().segments.filter((name) => !name.endsWith('08'));
    const error = refusal({ backup: OLD_BACKUP, target: latest }, { segments });
    expect(error.code).toBe('PGDRILL_WAL_GAP');
    expect(error.cure).toContain(
      `from backup ${OLD_BACKUP}, from lsn:0/60000A0 to lsn:0/7000000; 000000030000000000000008`,
    );
    expect(error.cure).toContain(`without a gap to this target: backup ${NEW_BACKUP}`);
    // What was offered works, and one byte more does not.
    expect(plan({ backup: NEW_BACKUP, target: latest }, { segments }).backup).toBe(NEW_BACKUP);
    for (const good of ['0/60000A0', '0/7000000'])
      expect(plan({ backup: OLD_BACKUP, target: lsn(good) }, { segments }).backup).toBe(OLD_BACKUP);
    expect(refusal({ backup: OLD_BACKUP, target: lsn('0/7000001') }, { segments }).code).toBe('PGDRILL_WAL_GAP');
  });

  test('right behind the backup › to its own end only', () => {
    const segments = sampleFacts().segments.filter((name) => !name.endsWith('0A'));
    const error = refusal({ target: latest }, { segments });
    expect(error.cure).toContain(`from backup ${NEW_BACKUP} recovery is possible to its own end only: \`immediate\``);
    expect(plan({ target: { kind: 'immediate' } }, { segments }).backup).toBe(NEW_BACKUP);
  });

  test('behind the target › planned, with what Barman may say', () => {
    const segments = sampleFacts().segments.filter((name) => !name.endsWith('09'));
    const made = plan({ backup: OLD_BACKUP, target: lsn('0/6000100') }, { segments });
    expect(made.warnings).toEqual([expect.stringContaining('(000000030000000000000009)')]);
    expect(made.walFrom).toBe('fetched');
    expect(made.steps.flatMap((step) => step.commands).join('\n')).toContain('barman recover --get-wal');
  });
});

describe('cases of a PITR › the cluster', () => {
  test('idle: nothing was committed after the target › one commit and a switch come first, before the fence', () => {
    const { steps, warnings } = plan({ target: at('2026-11-21 06:45:00+00') });
    const ids = steps.map((step) => step.id);
    expect(ids.indexOf('archive-tail')).toBeLessThan(ids.indexOf('fence'));
    expect(steps.find((step) => step.id === 'archive-tail')?.commands[0]).toMatch(/pg_current_xact_id.*pg_switch_wal/);
    expect(warnings).toEqual([]);
  });

  test('zones › the same moment written in three of them is one target', () => {
    const moments = [
      '2026-11-21 06:38:36.605027+00',
      '2026-11-21 13:38:36.605027+07',
      '2026-11-21 01:08:36.605027-05:30',
    ];
    expect(moments.map((time) => plan({ target: at(time) }).backup)).toEqual([NEW_BACKUP, NEW_BACKUP, NEW_BACKUP]);
    const before = moments.map((time) => time.replace('027', '026'));
    expect(before.map((time) => plan({ target: at(time) }).backup)).toEqual([OLD_BACKUP, OLD_BACKUP, OLD_BACKUP]);
    expect(refusal({ target: at('2026-11-21 06:44:00') }).code).toBe('PGDRILL_TARGET_INVALID');
  });

  test.each<[string, Partial<PitrFacts>, string, string]>([
    ['paused', { paused: true }, 'PGDRILL_PAUSED', 'docker exec db1 patronictl'],
    ['a standby cluster', { standbyCluster: true }, 'PGDRILL_STANDBY_CLUSTER', 'primary cluster'],
    [
      'every member tagged nofailover',
      { members: [sampleMember('db1', { leader: true, nofailover: true })] },
      'PGDRILL_NODE_UNFIT',
      'start one',
    ],
    [
      'no space',
      { members: [sampleMember('db1', { leader: true }), sampleMember('db2', { freeBytes: 1n })] },
      'PGDRILL_DISK_LOW',
      'free some space',
    ],
  ])('%s › refused', (_what, facts, code, cure) => {
    expect(refusal({}, facts)).toMatchObject({ code, cure: expect.stringContaining(cure) as string });
  });

  test('another system › its backup is not taken by itself, and refused when asked for', () => {
    const backups = [sampleBackup({ systemIdentifier: '1' })];
    expect(refusal({}, { backups }).code).toBe('PGDRILL_BACKUP_UNKNOWN');
    expect(refusal({ backup: NEW_BACKUP }, { backups }).code).toBe('PGDRILL_WRONG_SYSTEM');
  });
});

describe('cases of a PITR › a DROP DATABASE in the WAL', () => {
  const end = commit('0/B000200', '2026-11-21 06:44:00.500000+00', '950');
  const drops = [{ begin: '0/B000100', end, before: commit('0/B000050', '2026-11-21 06:44:00.000000+00') }];

  test.each([
    at('2026-11-21 06:44:00+00'),
    at('2026-11-21 06:44:00.499999+00'),
    at('2026-11-21 06:44:00.5+00', false),
    lsn('0/B000100'),
    lsn('0/B000101', false),
    lsn('0/B000200', false),
  ])('%j would stop between its begin and its commit › refused, with the LSN that works', (target) => {
    const error = refusal({ target }, { drops });
    expect(error.code).toBe('PGDRILL_TARGET_IN_DROP');
    expect(error.what).toContain('transaction 950');
    expect(error.cure).toContain('lsn:0/B000100, exclusive');
  });

  test.each([
    at('2026-11-21 06:43:59.999999+00'),
    at('2026-11-21 06:44:00+00', false),
    at('2026-11-21 06:44:00.5+00'),
    lsn('0/B000100', false),
    lsn('0/B000200'),
    latest,
  ])('%j does not', (target) => {
    expect(plan({ target }, { drops }).backup).toBe(NEW_BACKUP);
  });
});

import { PgdrillError } from '../../record/errors';
import { isUsage } from '../usage';
import { pitrAction, pitrSetting, type PitrAsk, type PitrFlags } from './options';

const backup = '20260123T120000';
const time = '2026-01-23 12:30:00';

function asked(flags: PitrFlags, words = [backup, time]): PitrAsk {
  const action = pitrAction(words, flags, false);
  if (action.do !== 'recover') throw new Error(`was ${action.do}`);
  return action.ask;
}

function refusal(words: string[], flags: PitrFlags = {}, interactive = false): PgdrillError {
  try {
    pitrAction(words, flags, interactive);
  } catch (error) {
    if (error instanceof PgdrillError) {
      expect(isUsage(error)).toBe(true);
      return error;
    }
    throw error;
  }
  throw new Error('was not refused');
}

describe('modes', () => {
  it.each([
    [{}, 'files', 'none'],
    [{ target: 'db2' }, 'apply', 'none'],
    [{ target: 'db2', restore: true }, 'restore', 'none'],
    [{ target: 'db2', restore: true, autoStart: true }, 'cluster', 'now'],
    [{ target: 'db2', autoStart: true, fence: 'cutover' }, 'cluster', 'cutover'],
  ])('%j › is mode %s, fence %s', (flags, mode, fence) => expect(asked(flags)).toMatchObject({ mode, fence }));

  it('--restore without --target › is refused with what to type', () => {
    const error = refusal([backup, time], { restore: true });
    expect(error.what).toBe('--restore has no effect without --target: there is no node to start on');
    expect(error.cure).toContain(`pitr ${backup} '${time}' --target db2 --restore`);
  });

  it.each([
    [{ autoStart: true }, '--auto-start has no effect without --target'],
    [{ target: 'db2', fence: 'now' }, '--fence says when'],
    [{ target: 'db2', autoStart: true, fence: 'later' }, '--fence is "later"; there are now and cutover'],
    [{ target: 'db2', pause: true }, '--pause stops the recovery at the target'],
    [{ inclusive: true, exclusive: true }, '--inclusive and --exclusive exclude each other'],
    [{ walMethod: 'scp' }, '--wal-method is "scp"; there are barman-wal-restore and barman-get-wal'],
    [{ strategy: 'magic' }, '--strategy is "magic"'],
    [{ upToGap: true }, '--up-to-gap goes with the target `latest` only'],
    [{ timeline: '0' }, '--timeline is "0"'],
    [{ force: [true as const] }, '--force takes the codes'],
    [{ force: ['what?'] }, '"what?" is no code'],
  ])('%j › is refused', (flags, what) => expect(refusal([backup, time], flags).what).toContain(what));

  it('an exclusive `latest` › is refused, for there is no such side', () => {
    expect(refusal([backup, 'latest'], { exclusive: true }).what).toContain('has no exclusive side');
  });
});

describe('words', () => {
  it.each([
    [['yesterday', time], '"yesterday" is no backup id'],
    [[backup], 'and no target'],
    [[backup, '2026-01-23', '12:30:00'], 'too many words: "12:30:00"'],
    [[backup, '2026-01-23 12:60:00'], 'there is no minute 60'],
    [[], 'no backup and no target were given'],
  ])('%j › is refused', (words, what) => expect(refusal(words).what).toContain(what));

  it('words behind the target › what was meant is typed out', () => {
    expect(refusal([backup, '2026-01-23', '12:30:00']).cure).toContain(`pitr ${backup} '${time}'`);
    expect(refusal([backup, time, 'db2']).cure).toContain(`pitr ${backup} '${time}' --target db2 --restore`);
  });

  it('none, on a terminal › lets a person choose', () => {
    expect(pitrAction([], {}, true)).toEqual({ do: 'choose', flags: {} });
    expect(refusal([], { json: true }, true).what).toContain('no backup and no target');
  });

  it.each(['latest', 'auto', 'LATEST', '20260123', '20260123T12', backup])('the backup %s › is taken', (word) => {
    expect(asked({}, [word, time]).backup).toBe(/^\d/.test(word) ? word : word.toLowerCase());
  });

  it('codes that are forced › are made whole', () => {
    expect(asked({ force: ['paused,PGDRILL_DISK_LOW', 'target-in-drop'] }).force).toEqual([
      'PGDRILL_PAUSED',
      'PGDRILL_DISK_LOW',
      'PGDRILL_TARGET_IN_DROP',
    ]);
  });

  it('a code that nothing overrides › is refused with those that there are', () => {
    const error = refusal([backup, time], { force: ['PGDRILL_WAL_GAP'] });
    expect(error.code).toBe('PGDRILL_FORCE_UNKNOWN');
    expect(error.cure).toContain('PGDRILL_PAUSED');
  });
});

describe('a recovery that has begun', () => {
  it.each([
    [['status'], {}, { do: 'status' }],
    [[], { resume: true }, { do: 'resume', autoStart: false, force: [] }],
    [
      ['20261121t12'],
      { resume: true, autoStart: true },
      { do: 'resume', id: '20261121t12', autoStart: true, force: [] },
    ],
    [[], { rollback: true }, { do: 'rollback', force: false, takeOver: [] }],
    [
      [],
      { rollback: true, force: ['recovery-running'] },
      { do: 'rollback', force: false, takeOver: ['PGDRILL_RECOVERY_RUNNING'] },
    ],
    [[], { rollback: true, force: ['PGDRILL_WRITES_ACKNOWLEDGED'] }, { do: 'rollback', force: true, takeOver: [] }],
    [[], { rollback: true, force: [true as const] }, { do: 'rollback', force: true, takeOver: [] }],
    [[], { rollback: true, force: ['20261121t12'] }, { do: 'rollback', id: '20261121t12', force: true, takeOver: [] }],
  ])('%j %j › is read', (words, flags, action) => expect(pitrAction(words, flags, false)).toEqual(action));

  it.each([
    [['status'], { resume: true }, 'status and --resume exclude each other'],
    [[], { resume: true, rollback: true }, '--resume and --rollback exclude each other'],
    [['status', 'x'], {}, 'status takes no further word'],
    [['a', 'b'], { resume: true }, '--resume takes the id of one recovery'],
    [[], { resume: true, target: 'db2', dryRun: true }, 'options for a new one were given: --target, --dry-run'],
  ])('%j %j › is refused', (words, flags, what) => expect(refusal(words, flags).what).toContain(what));
});

describe('settings', () => {
  it('come from options and environment', () => {
    const env = { PATRONI_CLUSTER_NAME: 'mine', PGDRILL_DEADLINE_SCALE: '3' };
    expect(pitrSetting({ yes: true }, env)).toEqual({
      scope: 'mine',
      deadlineScale: 3,
      json: false,
      verbose: false,
      yes: true,
      expects: [],
    });
    expect(() => pitrSetting({ cluster: 'latest', description: 'a.yml' }, {})).toThrow('exclude each other');
  });
});

import type { RecoveryTarget } from '../../record/recovery';
import type { PitrFacts, PitrRequest } from './facts';
import { planIsolatedNodePitr } from './plan-pitr';
import { NEW_BACKUP, OLD_BACKUP, refusalOf, sampleFacts, sampleMember, sampleRequest } from './sample-facts';

const plan = (request: Partial<PitrRequest> = {}, facts: Partial<PitrFacts> = {}) =>
  planIsolatedNodePitr(sampleRequest(request), sampleFacts(facts));
const refusal = (request: Partial<PitrRequest> = {}, facts: Partial<PitrFacts> = {}) =>
  refusalOf(() => plan(request, facts));
const at = (time: string, inclusive = true): RecoveryTarget => ({ kind: 'time', time, inclusive });
const commit = (where: string, time: string) => ({ lsn: where, xid: '900', time, record: 'COMMIT' });
const ids = (steps: readonly { id: string }[]) => steps.map((step) => step.id);

describe('cases of a PITR › risks that can be taken', () => {
  const paused = { paused: true };
  const force = ['PGDRILL_PAUSED'];

  test('paused › refused with the option; forced: resumed before the first Patroni is stopped, and said', () => {
    expect(refusal({}, paused).cure).toContain('--force=PGDRILL_PAUSED');
    const made = plan({ force }, paused);
    expect(ids(made.steps).slice(0, 4)).toEqual(['unpause', 'isolate', 'archive-tail', 'fence']);
    expect(made.steps[0]?.undo).toBe('pause it again');
    expect(made.warnings).toEqual([expect.stringMatching(/^forced PGDRILL_PAUSED: .*resumes Patroni itself/)]);
    expect(ids(plan({ force }).steps)).not.toContain('unpause');
  });

  test('paused, other modes › where the node is isolated; of made files among what remains', () => {
    expect(ids(plan({ force, mode: 'restore' }, paused).steps).slice(0, 3)).toEqual([
      'archive-tail',
      'unpause',
      'isolate',
    ]);
    expect(ids(plan({ force, mode: 'restore' }, paused).remaining ?? [])).not.toContain('unpause');
    const files = plan({ force, mode: 'files' }, paused);
    expect(ids(files.steps)).not.toContain('unpause');
    expect(ids(files.remaining ?? []).slice(0, 2)).toEqual(['unpause', 'isolate']);
  });

  test('Patroni may remove data directories › refused with members and settings, can be forced', () => {
    const members = [
      sampleMember('db1', { leader: true }),
      sampleMember('db2', { removes: ['remove_data_directory_on_rewind_failure'] }),
    ];
    const error = refusal({}, { members });
    expect(error.code).toBe('PGDRILL_DATA_DIR_REMOVED');
    expect(error.what).toContain('remove_data_directory_on_rewind_failure on db2');
    expect(plan({ force: ['PGDRILL_DATA_DIR_REMOVED'] }, { members }).node).toBe('db2');
  });

  test('no room, and a target within a DROP DATABASE › can be forced', () => {
    const members = [sampleMember('db1', { leader: true }), sampleMember('db2', { freeBytes: 1n })];
    expect(plan({ force: ['PGDRILL_DISK_LOW'] }, { members }).node).toBe('db2');
    const drops = [{ begin: '0/B000100', end: commit('0/B000200', '2026-11-21 06:44:00.500000+00') }];
    const target: RecoveryTarget = { kind: 'lsn', lsn: '0/B000100', inclusive: true };
    expect(refusal({ target }, { drops }).code).toBe('PGDRILL_TARGET_IN_DROP');
    expect(plan({ target, force: ['PGDRILL_TARGET_IN_DROP'] }, { drops }).warnings[0]).toContain('nobody can connect');
  });

  test('what nothing overrides › refused all the same; a code that is none › named, with those that are', () => {
    expect(refusal({ force: ['PGDRILL_PAUSED'] }, { standbyCluster: true }).code).toBe('PGDRILL_STANDBY_CLUSTER');
    const error = refusal({ force: ['PGDRILL_PAUSED', 'PGDRILL_WAL_GAP'] });
    expect(error.code).toBe('PGDRILL_FORCE_UNKNOWN');
    expect(error.what).toBe('PGDRILL_WAL_GAP cannot be forced');
    expect(error.cure).toContain('PGDRILL_DISK_LOW');
  });
});

describe('cases of a PITR › the node', () => {
  test('a data directory that is a mount point › refused with another member, or how to mount', () => {
    const mount = { dataDirIsMount: true };
    const members = [sampleMember('db1', { leader: true }), sampleMember('db2', mount), sampleMember('db3')];
    const error = refusal({}, { members });
    expect(error.code).toBe('PGDRILL_DATA_DIR_MOUNT');
    expect(error.cure).toContain('--target db1');
    expect(plan({ node: 'db3' }, { members }).node).toBe('db3');
    const all = members.map((member) => ({ ...member, ...mount }));
    expect(refusal({}, { members: all }).cure).toContain('one folder higher');
  });

  test('asked for and tagged nofailover › those that can be asked for instead', () => {
    const members = [sampleMember('db1', { leader: true }), sampleMember('db2', { nofailover: true })];
    expect(refusal({ node: 'db2' }, { members }).cure).toBe('recover on another: --target db1');
  });
});

describe('cases of a PITR › what comes back and what is asked for', () => {
  test('logical subscriptions › named, and that they go on once the node leads', () => {
    expect(plan({}, { subscriptions: ['shop.orders'] }).warnings).toEqual([
      expect.stringMatching(/^logical subscriptions \(shop\.orders\) .* once the node leads/),
    ]);
  });

  const target: RecoveryTarget = { kind: 'name', name: 'rp' };
  const points = (...lsns: string[]) => ({ restorePoints: { lsns, whole: true } });

  test('restore points of one name › the first from the backup on wins, the others by LSN', () => {
    const made = plan({ target, backup: NEW_BACKUP }, points('0/6000100', '0/B000100', '0/B000200'));
    expect(made.warnings).toEqual([
      'there are 2 restore points "rp": recovery stops at the first, 0/B000100; the others are lsn:0/B000200, inclusive',
    ]);
    expect(plan({ target, backup: NEW_BACKUP }, points('0/B000100')).warnings).toEqual([]);
  });

  test('no restore point of that name › refused where all of the WAL was read; an older backup where it lies before', () => {
    expect(refusal({ target, backup: NEW_BACKUP }, points()).code).toBe('PGDRILL_RESTORE_POINT_UNKNOWN');
    expect(refusal({ target, backup: NEW_BACKUP }, points('0/6000100')).cure).toContain('choose an older one');
    expect(plan({ target, backup: NEW_BACKUP }, { restorePoints: { lsns: [], whole: false } }).backup).toBe(NEW_BACKUP);
  });

  test('the clock went back behind the target › warned, with the LSN that keeps all', () => {
    const clockBack = {
      stop: commit('0/B000100', '2026-11-21 06:44:10.000000+00'),
      behind: 7,
      last: commit('0/B000900', '2026-11-21 06:43:50.000000+00'),
    };
    expect(plan({}, { clockBack }).warnings).toEqual([
      expect.stringMatching(
        /^the clock went back .*stops at 2026-11-21 06:44:10.*7 transactions.*lsn:0\/B000900, inclusive$/,
      ),
    ]);
  });

  test('a time before the last commit of the timeline that was left › refused: replay would stop there', () => {
    const lastBefore = [{ lsn: '0/60000A0', commit: commit('0/5FFFF00', '2026-11-21 06:38:00.000000+00') }];
    const error = refusal({ backup: OLD_BACKUP, target: at('2026-11-21 06:37:59+00') }, { lastBefore });
    expect(error.code).toBe('PGDRILL_TARGET_OFF_TIMELINE');
    expect(error.what).toContain('would stop on timeline 2');
    expect(error.cure).toContain('an LSN from 0/60000A0 on');
    expect(plan({ backup: OLD_BACKUP, target: at('2026-11-21 06:38:00+00') }, { lastBefore }).backup).toBe(OLD_BACKUP);
    // A backup from behind the switch never reads it.
    expect(plan({ backup: NEW_BACKUP, target: at('2026-11-21 06:38:40+00') }, { lastBefore }).backup).toBe(NEW_BACKUP);
  });
});

describe('cases of a PITR › a hole in the archive', () => {
  const segments = sampleFacts().segments.filter((name) => !name.endsWith('0A'));
  const hole = '0/A000000';
  const lastBefore = [{ lsn: hole, commit: commit('0/9FFFF00', '2026-11-21 06:39:00.000000+00') }];
  const holed = { segments, lastBefore };
  const backup = OLD_BACKUP;

  test('refused with the range in time; a time in it is planned, and fetches its WAL', () => {
    const error = refusal({ backup, target: at('2026-11-21 06:39:00+00') }, holed);
    expect(error.code).toBe('PGDRILL_WAL_GAP');
    expect(error.cure).toContain('in time to 2026-11-21 06:39:00.000000+00, exclusive (the last commit before the gap');
    const made = plan({ backup, target: at('2026-11-21 06:39:00+00', false) }, holed);
    expect(made).toMatchObject({ walFrom: 'fetched' });
    expect(made.segments.at(-1)).toBe('000000030000000000000009');
    expect(made.warnings).toEqual([expect.stringContaining('00000003000000000000000A')]);
  });

  test('latest up to the gap › only where it is asked for, to where it begins, and what is lost is said', () => {
    const target: RecoveryTarget = { kind: 'latest' };
    expect(refusal({ backup, target }, holed).cure).toContain(`pgdrill pitr ${OLD_BACKUP} latest --up-to-gap`);
    const made = plan({ backup, target, upToGap: true }, holed);
    expect(made).toMatchObject({ endsAtGap: hole, walFrom: 'fetched' });
    expect(made.segments.at(-1)).toBe('000000030000000000000009');
    expect(made.warnings.join('; ')).toContain('all that was committed from there on is lost');
    // Without a hole it is the plain latest.
    expect(plan({ target, upToGap: true }).endsAtGap).toBeUndefined();
  });

  test('a hole in the WAL of the backup itself › no way to go up to it', () => {
    const own = sampleFacts().segments.filter((name) => !name.endsWith('04'));
    const asked = { backup, target: { kind: 'latest' } as const, upToGap: true };
    expect(refusal(asked, { segments: own }).code).toBe('PGDRILL_WAL_GAP');
  });

  test('auto › the backup behind the hole, from which the target is reached', () => {
    const before = sampleFacts().segments.filter((name) => !name.endsWith('08'));
    expect(plan({ target: { kind: 'latest' } }, { segments: before }).backup).toBe(NEW_BACKUP);
    // Of two that lie before the target, not the one that lacks WAL of its own.
    const own = sampleFacts().segments.filter((name) => !name.endsWith('09'));
    expect(refusal({ target: { kind: 'lsn', lsn: '0/A000100', inclusive: true } }, { segments: own }).what).toContain(
      '09',
    );
  });
});

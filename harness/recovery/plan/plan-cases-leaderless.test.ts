import type { RecoveryTarget } from '../../record/recovery';
import type { PitrFacts, PitrRequest, WalOnDisk } from './facts';
import { planIsolatedNodePitr } from './plan-pitr';
import { NEW_BACKUP, refusalOf, sampleFacts, sampleMember, sampleRequest } from './sample-facts';

const plan = (request: Partial<PitrRequest> = {}, facts: Partial<PitrFacts> = {}) =>
  planIsolatedNodePitr(sampleRequest(request), sampleFacts(facts));
const refusal = (request: Partial<PitrRequest> = {}, facts: Partial<PitrFacts> = {}) =>
  refusalOf(() => plan(request, facts));
const at = (time: string, inclusive = true): RecoveryTarget => ({ kind: 'time', time, inclusive });
const latest: RecoveryTarget = { kind: 'latest' };
const commit = (where: string, time: string) => ({ lsn: where, xid: '900', time, record: 'COMMIT' });

/** Segments 04 to 0B are archived; receive-wal was at 0C. */
const partial = { segment: '00000003000000000000000C', endLsn: '0/C000100' };
const members = (wal: Record<string, WalOnDisk> = {}) =>
  ['db1', 'db2', 'db3'].map((name) => sampleMember(name, wal[name] ? { wal: wal[name] } : {}));
const nobody = (change: Partial<PitrFacts> = {}): Partial<PitrFacts> => ({
  members: members(),
  currentLsn: partial.endLsn,
  partial,
  lastCommit: commit('0/C0000C0', '2026-11-21 06:44:30.000000+00'),
  ...change,
});

describe('cases of a PITR › nobody leads', () => {
  test("latest › with receive-wal's unfinished segment, which counts as held, and the end of WAL is said", () => {
    const made = plan({ target: latest }, nobody());
    expect(made).toMatchObject({ usePartial: true, backup: NEW_BACKUP, node: 'db1' });
    expect(made.useKeptWal).toBeUndefined();
    expect(made.leader).toBeUndefined();
    expect(made.segments.at(-1)).toBe(partial.segment);
    expect(made.warnings).toContainEqual(
      expect.stringContaining(
        `no member leads: the WAL ends at 0/C000100, with what Barman holds and ${partial.segment}`,
      ),
    );
  });

  test('without that segment › up to the end of the archive, and what is missing at its end never comes', () => {
    const bare = nobody({ currentLsn: '0/C000000' });
    delete bare.partial;
    expect(plan({ target: latest }, bare).segments.at(-1)).toBe('00000003000000000000000B');
    expect(plan({ target: latest }, bare).usePartial).toBeUndefined();
    const segments = sampleFacts().segments.filter((name) => !name.endsWith('0A'));
    expect(refusal({ target: latest }, { ...bare, segments }).code).toBe('PGDRILL_WAL_GAP');
  });

  test('a disk has more than Barman › that member, and its pg_wal; one that has less is none', () => {
    const more: WalOnDisk = { segments: [partial.segment, '00000003000000000000000D'], endLsn: '0/D000200' };
    const made = plan({ target: latest }, nobody({ members: members({ db3: more }) }));
    expect(made).toMatchObject({ node: 'db3', useKeptWal: true, usePartial: true });
    expect(made.segments.at(-1)).toBe('00000003000000000000000D');
    const less: WalOnDisk = { segments: [partial.segment], endLsn: '0/C000080' };
    expect(plan({ target: latest }, nobody({ members: members({ db3: less }) })).useKeptWal).toBeUndefined();
    // Asked for another member, its disk counts.
    expect(
      plan({ target: latest, node: 'db1' }, nobody({ members: members({ db3: more }) })).useKeptWal,
    ).toBeUndefined();
  });

  test('a time at or after the last commit › refused with the last time that can be reached, and how to have all', () => {
    expect(plan({ target: at('2026-11-21 06:44:29.999999+00') }, nobody()).backup).toBe(NEW_BACKUP);
    expect(plan({ target: at('2026-11-21 06:44:30+00', false) }, nobody()).backup).toBe(NEW_BACKUP);
    const error = refusal({ target: at('2026-11-21 06:44:30+00') }, nobody());
    expect(error.code).toBe('PGDRILL_TARGET_AFTER_LAST_WAL');
    expect(error.what).toContain('that is left of it is transaction 900 at 2026-11-21 06:44:30.000000+00 (0/C0000C0)');
    expect(error.cure).toContain(`pgdrill pitr ${NEW_BACKUP} '2026-11-21 06:44:30.000000+00' --exclusive`);
    expect(error.cure).toContain(`pgdrill pitr ${NEW_BACKUP} latest`);
  });

  test('an LSN beyond what is left › refused, and what a disk has counts', () => {
    const target: RecoveryTarget = { kind: 'lsn', lsn: '0/C000180', inclusive: true };
    expect(refusal({ target }, nobody()).code).toBe('PGDRILL_TARGET_AFTER_LAST_WAL');
    const wal: WalOnDisk = { segments: [partial.segment], endLsn: '0/C000200' };
    expect(plan({ target }, nobody({ members: members({ db2: wal }) })).node).toBe('db2');
  });

  test('the last commit is not known › warned, not refused', () => {
    const facts = nobody();
    delete facts.lastCommit;
    expect(plan({ target: at('2026-11-21 06:44:59+00') }, facts).warnings).toContainEqual(
      expect.stringContaining('whether anything ended on timeline 3 after the target is not known'),
    );
  });

  test('a time after now › by the clock of the Barman server', () => {
    expect(refusal({ target: at('2026-11-21 06:46:00+00') }, nobody()).what).toContain('on the Barman server');
  });
});

describe('cases of a PITR › an idle cluster', () => {
  const lastCommit = commit('0/C000100', '2026-11-21 06:43:00.000000+00');

  test('nothing ended after the target › said, with what cures it; something did › nothing to say', () => {
    expect(plan({ target: at('2026-11-21 06:44:00+00') }, { lastCommit }).warnings).toEqual([
      expect.stringMatching(/^nothing has ended since the target .*transaction 900.* step archive-tail makes one/),
    ]);
    expect(plan({ target: at('2026-11-21 06:42:59+00') }, { lastCommit }).warnings).toEqual([]);
  });
});

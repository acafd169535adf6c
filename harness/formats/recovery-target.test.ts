import { FormatError } from './format-error';
import { boundaryOf, type RecoveryTarget, stopOf, stopRule } from './recovery-target';
import { parseWaldump, type WalRecord } from './waldump';

/** Records of a real PostgreSQL 15 primary, from the end of its backup on. */
const WAL = `
rmgr: XLOG        len (rec/tot):     34/    34, tx:          0, lsn: 0/020000D8, prev 0/02000060, desc: BACKUP_END 0/2000028
rmgr: XLOG        len (rec/tot):     24/    24, tx:          0, lsn: 0/02000100, prev 0/020000D8, desc: SWITCH 
rmgr: Transaction len (rec/tot):     46/    46, tx:        727, lsn: 0/030020A0, prev 0/03002060, desc: COMMIT 2026-11-21 06:00:09.683175 UTC
rmgr: XLOG        len (rec/tot):     98/    98, tx:          0, lsn: 0/030020D0, prev 0/030020A0, desc: RESTORE_POINT rp "one"
rmgr: Transaction len (rec/tot):    242/   242, tx:        728, lsn: 0/03002178, prev 0/03002138, desc: PREPARE gid p1: 2026-11-21 06:00:09.697515 UTC
rmgr: Transaction len (rec/tot):    242/   242, tx:        729, lsn: 0/030022B0, prev 0/03002270, desc: PREPARE gid p2: 2026-11-21 06:00:09.697994 UTC
rmgr: Transaction len (rec/tot):     53/    53, tx:          0, lsn: 0/030023A8, prev 0/030022B0, desc: COMMIT_PREPARED 728: 2026-11-21 06:00:09.698232 UTC
rmgr: Transaction len (rec/tot):     53/    53, tx:          0, lsn: 0/030023E0, prev 0/030023A8, desc: ABORT_PREPARED 729: 2026-11-21 06:00:09.698424 UTC
rmgr: Heap        len (rec/tot):     59/    59, tx:        730, lsn: 0/03002418, prev 0/030023E0, desc: INSERT off 4 flags 0x08, blkref #0: rel 1663/5/16384 blk 0
rmgr: Transaction len (rec/tot):     54/    54, tx:        730, lsn: 0/03002498, prev 0/03002458, desc: COMMIT 2026-11-21 06:00:09.698830 UTC; subxacts: 731
rmgr: Transaction len (rec/tot):     34/    34, tx:        732, lsn: 0/03002510, prev 0/030024D0, desc: ABORT 2026-11-21 06:00:09.699077 UTC
rmgr: Transaction len (rec/tot):     70/    70, tx:        733, lsn: 0/03017F90, prev 0/03017E08, desc: ABORT 2026-11-21 06:00:09.699840 UTC; rels: base/5/16389; dropped stats: 2/5/16389
rmgr: Transaction len (rec/tot):     46/    46, tx:        734, lsn: 0/03017FD8, prev 0/03017F90, desc: COMMIT 2026-11-21 06:00:09.707342 UTC
rmgr: Heap        len (rec/tot):     53/   881, tx:          0, lsn: 0/03018020, prev 0/03017FD8, desc: INPLACE off 4, blkref #0: rel 1664/0/1262 blk 0 FPW
rmgr: Database    len (rec/tot):     38/    38, tx:        735, lsn: 0/030184C0, prev 0/03018448, desc: DROP dir 1663/16387
rmgr: Transaction len (rec/tot):     62/    62, tx:        735, lsn: 0/030184E8, prev 0/030184C0, desc: INVALIDATION ; inval msgs: catcache 21 catcache 21
rmgr: Transaction len (rec/tot):     98/    98, tx:        735, lsn: 0/03018528, prev 0/030184E8, desc: COMMIT 2026-11-21 06:00:09.944711 UTC; dropped stats: 1/16387/0; sync
rmgr: Transaction len (rec/tot):     46/    46, tx:        739, lsn: 0/04000068, prev 0/04000028, desc: COMMIT 2026-11-21 06:00:09.986625 UTC
rmgr: XLOG        len (rec/tot):     24/    24, tx:          0, lsn: 0/04000098, prev 0/04000068, desc: SWITCH 
`;
const ALL = parseWaldump(WAL);
const TRANSACTIONS = ALL.filter(({ rmgr }) => rmgr === 'Transaction');

/** xid of the boundary, `end` when every record is replayed, `never` when the target is not reached. */
function boundaryXid(target: RecoveryTarget, records: WalRecord[]): string {
  const index = boundaryOf(target, records);
  if (index === null) return 'never';
  return records[index]?.transaction?.xid ?? 'end';
}

const time = '2026-11-21 06:00:09.707342+00';

/** Each target, where the real PostgreSQL 15 stopped in this WAL when it was given it, and what it left out. */
const MEASURED: [string, RecoveryTarget, string, string][] = [
  ['before 0/3018528', { kind: 'time', time }, 'stop-before', '735'],
  ['before 0/3017FD8', { kind: 'time', time, inclusive: false }, 'stop-before', '734'],
  ['after 0/30023A8', { kind: 'xid', xid: '728' }, 'stop-after', '729'],
  ['before 0/3002510', { kind: 'xid', xid: '732', inclusive: false }, 'stop-before', '732'],
  ['after 0/3017FD8', { kind: 'lsn', lsn: '0/3017FD8' }, 'stop-after', '735'],
  ['after 0/3018020', { kind: 'lsn', lsn: '0/3017FD9' }, 'stop-after', '735'],
  ['before 0/30184C0', { kind: 'lsn', lsn: '0/30184C0', inclusive: false }, 'stop-before', '735'],
  ['after 0/30020D0', { kind: 'name', name: 'rp "one"' }, 'stop-after', '728'],
  ['before 0/2000100', { kind: 'immediate', consistentLsn: '0/2000100' }, 'stop-before', '727'],
];

describe('recovery target › as PostgreSQL stopped', () => {
  it.each(MEASURED)('%s for %j', (where, target, rule, boundary) => {
    const stop = stopOf(target, ALL);
    expect(stop?.rule).toBe(rule);
    expect(`${rule.replace('stop-', '')} ${ALL[stop?.index ?? -1]?.lsn}`).toBe(where);
    expect(boundaryXid(target, ALL)).toBe(boundary);
  });

  it('is not reached by a time after the last commit, however much WAL follows it', () => {
    expect(boundaryOf({ kind: 'time', time: '2026-11-21 06:00:09.986625+00' }, ALL)).toBeNull();
    expect(boundaryXid({ kind: 'time', time: '2026-11-21 06:00:09.986625+00', inclusive: false }, ALL)).toBe('739');
  });

  it('replays everything for latest', () => {
    expect(stopOf({ kind: 'latest' }, ALL)).toBeNull();
    expect(boundaryOf({ kind: 'latest' }, ALL)).toBe(ALL.length);
  });
});

describe('recovery target › from commits and aborts alone', () => {
  it.each(MEASURED.filter(([, { kind }]) => kind !== 'name'))('%s for %j', (_where, target, _rule, boundary) => {
    expect(boundaryXid(target, TRANSACTIONS)).toBe(boundary);
  });

  it('tells from the link whether an inclusive LSN stopped earlier, at a record that is not listed', () => {
    // 0/3002418 is the start of a Heap record, so the commit of 730 at 0/3002498 is no longer replayed.
    expect(stopOf({ kind: 'lsn', lsn: '0/3002418' }, TRANSACTIONS)).toMatchObject({ rule: 'stop-before' });
    expect(boundaryXid({ kind: 'lsn', lsn: '0/3002418' }, TRANSACTIONS)).toBe('730');
    expect(boundaryXid({ kind: 'lsn', lsn: '0/3002418' }, ALL)).toBe('730');
    // So is 0/3002458, the record just before that commit.
    expect(boundaryXid({ kind: 'lsn', lsn: '0/3002458' }, TRANSACTIONS)).toBe('730');
    // After 0/3002458 the next record is that commit itself.
    expect(boundaryXid({ kind: 'lsn', lsn: '0/3002459' }, TRANSACTIONS)).toBe('732');
  });

  it('does not find a restore point without the XLOG records', () => {
    expect(boundaryOf({ kind: 'name', name: 'rp "one"' }, TRANSACTIONS)).toBeNull();
  });
});

describe('recovery target › rules', () => {
  const [commit] = parseWaldump(
    'rmgr: Transaction len (rec/tot):     46/    46, tx:        734, lsn: 0/03017FD8, prev 0/03017F90, desc: COMMIT 2026-11-21 06:00:09.707342 UTC',
  ) as [WalRecord];

  it('compares moments, not texts', () => {
    expect(stopRule({ kind: 'time', time: '2026-11-21 11:30:09.707342+05:30' }, commit)).toBeNull();
    expect(stopRule({ kind: 'time', time: '2026-11-21 11:30:09.707341+05:30' }, commit)).toBe('stop-before');
  });

  it('refuses a time without a zone', () => {
    expect(() => stopRule({ kind: 'time', time: '2026-11-21 06:00:09' }, commit)).toThrow(FormatError);
  });

  it('wants the very xid, not a higher one', () => {
    expect(stopRule({ kind: 'xid', xid: '733' }, commit)).toBeNull();
    expect(stopRule({ kind: 'xid', xid: '734' }, commit)).toBe('stop-after');
    expect(stopRule({ kind: 'xid', xid: '734', inclusive: false }, commit)).toBe('stop-before');
  });

  it('does not stop a time or xid at PREPARE', () => {
    const prepare = ALL.find(({ operation }) => operation === 'PREPARE');
    expect(prepare && stopRule({ kind: 'xid', xid: '728' }, prepare)).toBeNull();
    expect(prepare && stopRule({ kind: 'time', time: '2026-01-01 00:00:00+00' }, prepare)).toBeNull();
  });

  it('stops at the first of two restore points of one name', () => {
    const point = ALL[3] as WalRecord;
    const twice = [point, ...ALL.slice(4, 7), { ...point, lsn: '0/5000000' }];
    expect(stopOf({ kind: 'name', name: 'rp "one"' }, twice)).toEqual({ rule: 'stop-after', index: 0 });
  });

  it('stops early where a clock went backwards', () => {
    const [first, second] = [
      commit,
      {
        ...commit,
        lsn: '0/3018000',
        transaction: { ...commit.transaction, xid: '735', time: '2026-11-21 06:00:09.000000+00' },
      } as WalRecord,
    ];
    expect(boundaryOf({ kind: 'time', time: '2026-11-21 06:00:09.500000+00' }, [first, second])).toBe(0);
  });

  it('replays all that was listed when the stop is after the last record', () => {
    expect(boundaryOf({ kind: 'xid', xid: '734' }, [commit])).toBe(1);
    expect(boundaryOf({ kind: 'xid', xid: '734' }, [])).toBeNull();
  });
});

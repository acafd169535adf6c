import type { WalPlace } from '../record/evidence';
import type { RecoveryTarget } from '../record/recovery';
import { honestEvidence } from './honest-evidence';
import { checkResult } from './judge';
import { there, type Spoiled } from './spoiled';
import { stopPoint } from './stop-point';

/** The finding about the records on both sides of the branch. */
function atBranch(vary?: (spoiled: Spoiled) => void) {
  const { findings } = checkResult(stopPoint, honestEvidence(vary));
  return there(findings[3], 'fourth finding');
}

/** A recovery to this target that replayed up to `last` and left `next` out; where the log has its last read. */
function ended(target: RecoveryTarget, last: Partial<WalPlace>, next: Partial<WalPlace>, redoDone?: string) {
  return ({ cluster, recovery }: Spoiled) => {
    const records = there(cluster.branchRecords, 'records');
    Object.assign(there(records.last, 'last'), last);
    Object.assign(there(records.next, 'next'), { prev: records.last?.lsn, ...next });
    there(recovery.plan, 'plan').target = target;
    recovery.stop = redoDone === undefined ? [] : [`LOG:  redo done at ${redoDone} system usage: CPU`];
  };
}

const KEPT = { lsn: '0/7A1B2F8', prev: '0/7A1B2B0', rmgr: 'Transaction', operation: 'COMMIT', xid: '15871' };
const POINT = { lsn: '0/7A1B380', prev: '0/7A1B320', rmgr: 'XLOG', operation: 'RESTORE_POINT', about: 'good' };
const END = { lsn: '0/4000060', prev: '0/4000028', rmgr: 'XLOG', operation: 'BACKUP_END', about: '0/4000028' };
const heap = (lsn: string): Partial<WalPlace> => ({ lsn, rmgr: 'Heap', operation: 'INSERT', xid: undefined });

describe('stop-point › the records at the branch', () => {
  test('a time › the boundary is the first left out', () => {
    expect(atBranch()).toMatchObject({
      status: 'ok',
      found: 'last Heap/INSERT at 0/7A1B3E8, then Transaction/COMMIT of 15870 at 0/7A1B420',
    });
    const later = atBranch(({ cluster }) => {
      Object.assign(there(cluster.branchRecords?.next, 'next'), heap('0/7A1B400'));
    });
    expect(later).toMatchObject({ status: 'failed' });
    expect(later.detail?.[0]).toBe('the first record left out is not the boundary, 0/7A1B420');
  });

  const xid = (inclusive: boolean, id = '15871'): RecoveryTarget => ({ kind: 'xid', xid: id, inclusive });
  const at = (lsn: string, inclusive: boolean): RecoveryTarget => ({ kind: 'lsn', lsn, inclusive });
  const name: RecoveryTarget = { kind: 'name', name: 'good' };
  test.each<[string, RecoveryTarget, Partial<WalPlace>, Partial<WalPlace>, string, 'ok' | 'failed']>([
    ['xid, inclusive: its end is the last', xid(true), KEPT, heap('0/7A1B320'), KEPT.lsn, 'ok'],
    ['xid with its epoch', xid(true, String(2n ** 32n + 15871n)), KEPT, heap('0/7A1B320'), KEPT.lsn, 'ok'],
    ['xid, inclusive: another was the last', xid(true, '15869'), KEPT, heap('0/7A1B320'), KEPT.lsn, 'failed'],
    ['xid, inclusive: its end was left out', xid(true), heap('0/7A1B2B0'), KEPT, KEPT.lsn, 'failed'],
    ['xid, exclusive: its end is the first left out', xid(false, '15870'), {}, {}, '0/7A1B420', 'ok'],
    ['xid, exclusive: one record too early', xid(false, '15870'), heap('0/7A1B2B0'), KEPT, KEPT.lsn, 'failed'],
    [
      'lsn, inclusive: the first from there on is the last',
      at(KEPT.lsn, true),
      KEPT,
      heap('0/7A1B320'),
      KEPT.lsn,
      'ok',
    ],
    ['lsn, inclusive: between two records', at('0/7A1B2B1', true), KEPT, heap('0/7A1B320'), KEPT.lsn, 'ok'],
    ['lsn, inclusive: one record further', at('0/7A1B2B0', true), KEPT, heap('0/7A1B320'), KEPT.lsn, 'failed'],
    ['lsn, inclusive: one record short', at('0/7A1B2F9', true), KEPT, heap('0/7A1B320'), KEPT.lsn, 'failed'],
    ['lsn, exclusive: the first from there on is left out', at('0/7A1B420', false), {}, {}, '0/7A1B420', 'ok'],
    ['lsn, exclusive: between two records', at('0/7A1B3E9', false), {}, {}, '0/7A1B420', 'ok'],
    ['lsn, exclusive: the last is already one of those', at('0/7A1B3E8', false), {}, {}, '0/7A1B420', 'failed'],
    ['lsn, exclusive: one record short', at('0/7A1B421', false), {}, {}, '0/7A1B420', 'failed'],
    ['name: not at a restore point', name, KEPT, heap('0/7A1B320'), KEPT.lsn, 'failed'],
    ['name: at another', { kind: 'name', name: 'bad' }, POINT, heap('0/7A1B3E8'), POINT.lsn, 'failed'],
    ['the log names another record', xid(true), KEPT, heap('0/7A1B320'), '0/7A1B320', 'failed'],
  ])('%s', (_name, target, last, next, redoDone, status) => {
    const finding = atBranch(ended(target, last, next, redoDone));
    expect([finding.status, finding.detail ?? []]).toEqual([status, status === 'ok' ? [] : expect.anything()]);
  });

  test('a restore point › the first of its name', () => {
    const points = (restorePoints: string[] | undefined) =>
      atBranch((spoiled) => {
        ended(name, POINT, heap('0/7A1B3E8'), POINT.lsn)(spoiled);
        if (restorePoints) there(spoiled.cluster.branchRecords, 'records').restorePoints = restorePoints;
      });
    expect(points([POINT.lsn, '0/7C00000']).status).toBe('ok');
    expect(points(['0/7A00000', POINT.lsn])).toMatchObject({ status: 'failed' });
    expect(points(['0/7A00000', POINT.lsn]).detail?.[0]).toContain('the first of one name wins');
    expect(points(undefined).status).toBe('unverified');
  });

  test('immediate › the end of that very backup, and not a record further', () => {
    const words = (consistent: string) => `LOG:  consistent recovery state reached at ${consistent}`;
    const stopped = (last: Partial<WalPlace>, stop: string[]) =>
      atBranch((spoiled) => {
        ended({ kind: 'immediate' }, last, heap('0/7A1B400'))(spoiled);
        spoiled.recovery.stop = stop;
      }).status;
    expect(stopped(END, [words('0/7A1B420')])).toBe('ok');
    expect(stopped({ ...END, about: '0/2000028' }, [words('0/7A1B420')])).toBe('failed');
    expect(stopped(END, [words('0/7A1B3F0')])).toBe('failed');
    // As PostgreSQL 15 does it: it reads one record more before it stops.
    expect(stopped(END, [words('0/7A1B420'), 'LOG:  redo done at 0/7A1B400'])).toBe('ok');
    expect(stopped(END, [words('0/7A1B420'), 'LOG:  redo done at 0/7A1B480'])).toBe('failed');
    // The backup of a standby ends without a record of its own: then the server's word counts.
    expect(stopped(KEPT, [words('0/7A1B420')])).toBe('ok');
    expect(stopped(KEPT, [words('0/7A1B300')])).toBe('failed');
    expect(stopped(KEPT, [])).toBe('unverified');
  });

  test('the boundary among what was replayed › is red', () => {
    const finding = atBranch((spoiled) => {
      ended(xid(true), KEPT, heap('0/7A1B320'), KEPT.lsn)(spoiled);
      there(spoiled.ledger.boundary, 'boundary').lsn = KEPT.lsn;
    });
    expect(finding.detail?.[0]).toBe(`the boundary ${KEPT.lsn} was replayed`);
  });

  test('latest › leaves nothing out; without records or boundary a time is unverified', () => {
    expect(atBranch(({ recovery }) => void (there(recovery.plan, 'plan').target = { kind: 'latest' })).status).toBe(
      'ok',
    );
    expect(atBranch(({ cluster }) => void delete cluster.branchRecords).status).toBe('unverified');
    expect(atBranch(({ ledger }) => void delete ledger.boundary).status).toBe('unverified');
  });
});

describe('stop-point › marked rows', () => {
  const MARKS = [
    { name: 'kept', row: 'kept', lsn: '0/7A1B2F8', xid: '15871', time: '2026-11-21 05:51:02.117733+00' },
    { name: 'left out', row: 'burst 1.7', lsn: '0/7A1B420', xid: '15870', time: '2026-11-21 05:51:02.131044+00' },
  ];
  const marked = (held: Record<string, string[]> | undefined, vary?: (spoiled: Spoiled) => void) =>
    checkResult(
      stopPoint,
      honestEvidence((spoiled) => {
        there(spoiled.episode.incident, 'incident').marks = MARKS;
        if (held) spoiled.cluster.marks = held;
        vary?.(spoiled);
      }),
    ).findings.filter(({ expected }) => expected.includes('marked rows'));
  const all = (rows: string[]) => ({ db1: rows, db2: rows, db3: rows });

  test('on every member › those before the boundary, and no other', () => {
    expect(marked(all(['kept'])).map(({ member, status }) => [member, status])).toEqual([
      ['db1', 'ok'],
      ['db2', 'ok'],
      ['db3', 'ok'],
    ]);
  });

  test('missing, or too many › red on that member, by name', () => {
    const wrong = marked({ db1: ['kept'], db2: [], db3: ['kept', 'burst 1.7'] });
    expect(wrong.map(({ status, found }) => `${status}: ${found}`)).toEqual([
      'ok: so it is',
      'failed: kept is missing',
      'failed: left out is there',
    ]);
  });

  test('of latest › all of them are due', () => {
    const vary = ({ recovery, ledger }: Spoiled) => {
      there(recovery.plan, 'plan').target = { kind: 'latest' };
      delete ledger.boundary;
    };
    expect(marked(all(['kept', 'burst 1.7']), vary).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
    expect(marked(all(['kept']), vary)[0]?.status).toBe('failed');
  });

  test('not read, or no boundary › unverified; no marks, no finding', () => {
    expect(marked(undefined).map(({ status }) => status)).toEqual(['unverified', 'unverified', 'unverified']);
    expect(marked(all(['kept']), ({ ledger }) => void delete ledger.boundary).map(({ status }) => status)).toEqual([
      'unverified',
    ]);
    expect(checkResult(stopPoint, honestEvidence()).findings).toHaveLength(4);
  });
});

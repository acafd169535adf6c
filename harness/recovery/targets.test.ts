import type { Incident } from '../record/incident';
import { databaseDropNote } from '../operations/database-drop';
import { refusalOf } from './plan/sample-facts';
import {
  atLsn,
  atRestorePoint,
  atTime,
  atXid,
  beforeAccident,
  beforeDatabaseDrop,
  immediate,
  latest,
  mark,
  noted,
} from './targets';

const MARK = { name: 'kept', row: 'kept', lsn: '0/5000A0', xid: '4294968040', time: '2026-11-21 05:51:02.100000+00' };
const INCIDENT: Incident = {
  accident: 'delete-all-rows',
  title: 'DELETE',
  member: 'db1',
  before: { time: '2026-11-21 05:51:02.123456+00', lsn: '0/7A1B3C0', xid: '15866', timeline: 1 },
  struckAt: '2026-11-21 05:51:02.151002+00',
  xid: '15866',
  proof: { took: true, expected: 'e', found: 'f' },
  marks: [MARK],
  noted: { 'end of restore point good': '0/6000000' },
};

describe('targets', () => {
  test('before the accident › as time, as LSN, by its transaction', () => {
    const { before, xid } = INCIDENT;
    expect(beforeAccident()(INCIDENT)).toEqual({ kind: 'time', time: before.time, inclusive: true });
    expect(beforeAccident({ by: 'lsn' })(INCIDENT)).toEqual({ kind: 'lsn', lsn: before.lsn, inclusive: false });
    expect(beforeAccident({ by: 'xid' })(INCIDENT)).toEqual({ kind: 'xid', xid, inclusive: false });
  });

  test('before the drop of a database › is where it begins, exclusive; after another accident it is refused', () => {
    const incident = { ...INCIDENT, noted: { [databaseDropNote]: '0/7A1B400' } };
    expect(beforeDatabaseDrop()(incident)).toEqual({ kind: 'lsn', lsn: '0/7A1B400', inclusive: false });
    expect(refusalOf(() => beforeDatabaseDrop()(INCIDENT)).code).toBe('PGDRILL_TARGET_UNKNOWN');
  });

  test('a mark › stands for its commit as the target asks; inclusive unless told', () => {
    expect(atXid(mark('kept'))(INCIDENT)).toEqual({ kind: 'xid', xid: MARK.xid, inclusive: true });
    expect(atLsn(mark('kept'), { inclusive: false })(INCIDENT)).toEqual({
      kind: 'lsn',
      lsn: MARK.lsn,
      inclusive: false,
    });
    expect(atTime(mark('kept'))(INCIDENT)).toEqual({ kind: 'time', time: MARK.time, inclusive: true });
  });

  test('a text, or what was noted › is taken as it is', () => {
    expect(atLsn('0/1')(INCIDENT)).toMatchObject({ lsn: '0/1' });
    expect(atLsn(noted('end of restore point good'))(INCIDENT)).toMatchObject({ lsn: '0/6000000' });
    expect(atRestorePoint('good')(INCIDENT)).toEqual({ kind: 'name', name: 'good' });
    expect(immediate()(INCIDENT)).toEqual({ kind: 'immediate' });
    expect(latest()(INCIDENT)).toEqual({ kind: 'latest' });
  });

  test('a side that does not exist › is handed on, for the planner to refuse', () => {
    const side = { inclusive: false } as unknown as { inclusive: true };
    expect(atRestorePoint('good', side)(INCIDENT)).toEqual({ kind: 'name', name: 'good', inclusive: false });
    expect(immediate(side)(INCIDENT)).toEqual({ kind: 'immediate', inclusive: false });
  });

  test('what nobody noted › is refused, with what was', () => {
    const none = refusalOf(() => atXid(mark('gone'))(INCIDENT));
    expect(none).toMatchObject({ code: 'PGDRILL_TARGET_UNKNOWN', cure: 'noted were: kept' });
    expect(refusalOf(() => atLsn(noted('x'))(INCIDENT)).cure).toContain('end of restore point good');
    const without = { ...INCIDENT };
    delete without.xid;
    expect(refusalOf(() => beforeAccident({ by: 'xid' })(without)).code).toBe('PGDRILL_TARGET_UNKNOWN');
  });
});

import type { RecoveryTarget } from '../../record/recovery';
import { planIsolatedNodePitr } from './plan-pitr';
import { refuseUnstoppable } from './refuse-unstoppable';
import { refusalOf, sampleFacts, sampleRequest } from './sample-facts';

/** A target as a drill file may give it: JavaScript, at run time. */
const asGiven = (target: object) => target as RecoveryTarget;
const time = '2026-11-21 06:44:00.123456+00';

describe('a target that PostgreSQL cannot stop at', () => {
  test.each<[string, object, RegExp]>([
    [
      'name',
      { kind: 'name', name: 'good', inclusive: false },
      /restore point "good" has no exclusive side.*just after/,
    ],
    ['immediate', { kind: 'immediate', inclusive: false }, /`immediate` has no exclusive side/],
    ['latest', { kind: 'latest', inclusive: false }, /`latest` has no exclusive side/],
  ])('%s, exclusive › is refused by the planner, with what would work', (_kind, target, words) => {
    const error = refusalOf(() => planIsolatedNodePitr(sampleRequest({ target: asGiven(target) }), sampleFacts()));
    expect(error.code).toBe('PGDRILL_TARGET_SIDE');
    expect(error.what).toMatch(words);
    expect(error.cure).toContain('leave `inclusive` out');
  });

  test.each<[object]>([
    [{ kind: 'name', name: 'good' }],
    [{ kind: 'name', name: 'good', inclusive: true }],
    [{ kind: 'immediate', inclusive: true }],
    [{ kind: 'latest' }],
    [{ kind: 'time', time, inclusive: false }],
    [{ kind: 'lsn', lsn: '0/C000000', inclusive: false }],
    [{ kind: 'xid', xid: '4294968040', inclusive: false }],
    [{ kind: 'name', name: 'x'.repeat(63) }],
  ])('%j › is not', (target) => {
    expect(() => refuseUnstoppable(asGiven(target))).not.toThrow();
  });

  test.each<[object, RegExp]>([
    [{ kind: 'xid', xid: 'abc', inclusive: true }, /xid/],
    [{ kind: 'xid', xid: '2', inclusive: true }, /first transaction/],
    [{ kind: 'xid', inclusive: true }, /xid/],
    [{ kind: 'lsn', lsn: '0-1', inclusive: true }, /lsn/],
    [{ kind: 'time', time: '2026-11-21 06:44:00.123', inclusive: true }, /zone/],
    [{ kind: 'time', time: '2026-11-31 06:44:00+00', inclusive: true }, /no such day/],
    [{ kind: 'time', time, inclusive: 'no' }, /inclusive/],
    [{ kind: 'name', name: '' }, /0 bytes/],
    [{ kind: 'name', name: 'ก'.repeat(22) }, /66 bytes/],
    [{ kind: 'yesterday' }, /kind/],
  ])('%j › names no place', (target, words) => {
    const error = refusalOf(() => refuseUnstoppable(asGiven(target)));
    expect(error.code).toBe('PGDRILL_TARGET_INVALID');
    expect(error.what).toMatch(words);
  });
});

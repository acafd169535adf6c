import { amcheckQuery, type Amcheck, type Surroundings } from './amcheck';
import type { Relation } from './relations';

const relation = (change: Partial<Relation> = {}): Relation => ({
  oid: '16398',
  name: 's.t',
  kind: 'table',
  method: 'heap',
  ofOid: null,
  ofName: null,
  toastOid: null,
  path: 'base/5/16398',
  usable: true,
  ...change,
});
const index = (change: Partial<Relation> = {}) =>
  relation({ kind: 'index', method: 'btree', ofOid: '16390', ...change });
const on15: Amcheck = { schema: 'public', unique: false, gin: false };
const on17: Amcheck = { ...on15, unique: true };
const standby: Surroundings = { leads: false, table: true, toast: true };
const leader: Surroundings = { ...standby, leads: true };

describe('amcheck › what is asked of a relation', () => {
  test.each<[string, Amcheck, Relation, Surroundings, string | undefined]>([
    ['an index on a standby', on15, index(), standby, 'SELECT public.bt_index_check(16398, true)'],
    ['an index on the leader', on15, index(), leader, 'SELECT public.bt_index_parent_check(16398, true, false)'],
    [
      'a release that can compare for uniqueness',
      on17,
      index(),
      standby,
      'SELECT public.bt_index_check(16398, true, checkunique => true)',
    ],
    [
      'the same on the leader',
      on17,
      index(),
      leader,
      'SELECT public.bt_index_parent_check(16398, true, false, checkunique => true)',
    ],
    [
      'an index whose table is damaged: by itself only',
      on17,
      index(),
      { ...standby, table: false },
      'SELECT public.bt_index_check(16398, false, checkunique => false)',
    ],
    ['an index that PostgreSQL does not use', on15, index({ usable: false }), leader, undefined],
    ['GIN before 18', on15, index({ method: 'gin' }), leader, undefined],
    [
      'GIN from 18 on',
      { ...on17, gin: true },
      index({ method: 'gin' }),
      standby,
      'SELECT public.gin_index_check(16398)',
    ],
    ['a sequence', on15, relation({ kind: 'sequence', method: null }), leader, undefined],
    ['a table of another access method', on15, relation({ method: 'columnar' }), leader, undefined],
  ])('%s', (_name, can, one, around, query) => expect(amcheckQuery(can, one, around)).toBe(query));

  test.each([true, false])('a table › with its TOAST pointers where those can be read: %s', (toast) => {
    expect(amcheckQuery(on15, relation(), { ...standby, toast })).toContain(
      `verify_heapam(16398, check_toast => ${toast})`,
    );
    expect(amcheckQuery(on15, relation({ kind: 'toast' }), standby)).toContain('verify_heapam');
  });
});

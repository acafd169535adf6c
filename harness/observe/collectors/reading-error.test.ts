import { PgdrillError } from '../../record/errors';
import { damagedPlace, errorLine, faultOf } from './reading-error';

const thrown = (code: string, message: string) => Object.assign(new Error(message), { code });

describe('reading error › what it says about the data', () => {
  test.each([
    ['XX001', 'invalid page in block 10 of relation base/5/16398', 'damaged'],
    ['XX002', 'item order invariant violated for index "tickets_pkey"', 'damaged'],
    ['58P01', 'could not open file "base/5/16398": No such file or directory', 'damaged'],
    ['58030', 'could not read block 3 in file "base/5/16398": Input/output error', 'damaged'],
    ['XX000', 'compressed pglz data is corrupt', 'damaged'],
    ['XX000', 'could not open relation with OID 16398', 'gone'],
    ['42P01', 'relation "s.t" does not exist', 'gone'],
    ['40001', 'canceling statement due to conflict with recovery', 'in the way'],
    ['40P01', 'deadlock detected', 'in the way'],
    ['57P04', 'terminating connection due to conflict with recovery', 'in the way'],
    ['57P03', 'the database system is starting up', 'in the way'],
    ['55P03', 'canceling statement due to lock timeout', 'in the way'],
    ['53300', 'sorry, too many clients already', 'in the way'],
    ['ECONNRESET', 'read ECONNRESET', 'in the way'],
    ['', 'Connection terminated unexpectedly', 'in the way'],
    ['42501', 'permission denied for table t', 'refused'],
    ['0A000', 'cannot access temporary or unlogged relations during recovery', 'refused'],
    ['', 'x is not a function', 'refused'],
  ])('%s %s › %s', (code, message, fault) => expect(faultOf(thrown(code, message))).toBe(fault));
});

describe('reading error › the place', () => {
  test.each([
    ['invalid page in block 10 of relation base/5/16398', { path: 'base/5/16398', block: 10 }],
    ['invalid page in block 0 of relation global/1262', { path: 'global/1262', block: 0 }],
    ['invalid page in block 7 of relation base/5/16398_vm', { path: 'base/5/16398', block: 7 }],
    [
      'could not read block 131072 in file "base/5/16398.1": read only 0 of 8192 bytes',
      { path: 'base/5/16398', block: 131072 },
    ],
    ['could not open file "base/5/16398": No such file or directory', { path: 'base/5/16398' }],
    ['2 invalid pages among blocks 4..19 of relation "base/5/16398"', { path: 'base/5/16398', block: 4 }],
    [
      'invalid page in block 1 of relation pg_tblspc/16400/PG_15_202209061/5/16401',
      { path: 'pg_tblspc/16400/PG_15_202209061/5/16401', block: 1 },
    ],
    ['item order invariant violated for index "tickets_pkey"', undefined],
  ])('%s', (message, place) => expect(damagedPlace(message)).toEqual(place));
});

test('errorLine › has the server’s code, or pgdrill’s, and the words', () => {
  expect(errorLine(thrown('XX001', 'invalid page'))).toBe('XX001: invalid page');
  expect(errorLine(new PgdrillError('PGDRILL_DEADLINE', 'too late', 'wait'))).toBe('PGDRILL_DEADLINE: too late');
  expect(errorLine(thrown('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5'))).toBe(
    'connect ECONNREFUSED 127.0.0.1:5',
  );
});

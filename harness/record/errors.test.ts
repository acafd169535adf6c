import { describeError, messageOf, PgdrillError } from './errors';

describe('errors', () => {
  const cause = new Error('connect ECONNREFUSED 127.0.0.1:5432');
  const error = new PgdrillError('PGDRILL_WAL_GAP', 'two segments are missing', 'recover up to the gap', { cause });

  test('PgdrillError › message, code, cure and cause are kept apart', () => {
    expect(error.message).toBe('two segments are missing (PGDRILL_WAL_GAP)');
    expect(error).toMatchObject({
      name: 'PgdrillError',
      code: 'PGDRILL_WAL_GAP',
      what: 'two segments are missing',
      cure: 'recover up to the gap',
    });
    expect(error.cause).toBe(cause);
    expect(error).toBeInstanceOf(Error);
  });

  test('describeError › of our own, with its cause; without one nothing is made up', () => {
    expect(describeError(error)).toEqual({
      code: 'PGDRILL_WAL_GAP',
      what: 'two segments are missing',
      cure: 'recover up to the gap',
      cause: 'connect ECONNREFUSED 127.0.0.1:5432',
    });
    expect(describeError(new PgdrillError('PGDRILL_X', 'a', 'b'))).toEqual({ code: 'PGDRILL_X', what: 'a', cure: 'b' });
  });

  test('describeError › of anything else', () => {
    expect(describeError(new TypeError('x is undefined'))).toEqual({
      code: 'PGDRILL_UNEXPECTED',
      what: 'x is undefined',
    });
    expect(describeError('a word')).toEqual({ code: 'PGDRILL_UNEXPECTED', what: 'a word' });
    expect(describeError(undefined)).toEqual({ code: 'PGDRILL_UNEXPECTED', what: 'undefined' });
  });

  test('messageOf › does not need an instance of Error, as core errors in a sandbox are none', () => {
    expect(messageOf({ message: 'from another realm' })).toBe('from another realm');
    expect(messageOf(null)).toBe('null');
  });

  test('messageOf › an aggregate names all its members, and no empty message', () => {
    const all = new AggregateError([new Error('first'), 'second', new AggregateError([new Error('third')])], '');
    expect(messageOf(all)).toBe('first; second; third');
  });

  test('record › has no stack and survives JSON', () => {
    const record = describeError(error);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    expect(JSON.stringify(record)).not.toContain('errors.test');
  });
});

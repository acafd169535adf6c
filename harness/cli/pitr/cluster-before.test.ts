import { rowsText, withoutPasswords } from './cluster-before';

describe('the cluster before a recovery', () => {
  it('rows are summed, estimates said', () => {
    const table = (rows: number, by: 'count' | 'estimate') => ({ rows, by });
    expect(rowsText({ a: { x: table(1000, 'count'), y: table(7, 'count') }, b: {} })).toBe(
      '1,007 rows in 2 tables, counted',
    );
    expect(rowsText({ a: { x: table(5, 'estimate') } })).toBe('5 rows in 1 table, of which 1 table estimated');
  });

  it.each([
    ['"password: hunter22\\n  next: 1"', '"password: <taken out>\\n  next: 1"'],
    ['{"password":"hunter22","a":1}', '{"password":"<taken out>","a":1}'],
    ["rewind_password: 'x y'", "rewind_password: '<taken out>'"],
    ['host=h password=hunter22 user=u', 'host=h password=<taken out> user=u'],
    ['"config": "{\\"password\\": \\"hunter22\\"}"', '"config": "{\\"password\\": \\"<taken out>\\"}"'],
    ['"passfile": "/tmp/pgpass0"', '"passfile": "/tmp/pgpass0"'],
  ])('%s › bears no password', (text, clean) => expect(withoutPasswords(text)).toBe(clean));
});

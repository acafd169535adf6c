import { FormatError } from './format-error';
import { parseExpectation } from './expectation-text';

describe('parseExpectation', () => {
  test.each([
    ['SELECT count(*) = 3276 FROM book.tickets', { sql: 'SELECT count(*) = 3276 FROM book.tickets', expected: 't' }],
    [
      'thai: SELECT count(*) FROM book.tickets => 3276',
      { database: 'thai', sql: 'SELECT count(*) FROM book.tickets', expected: '3276' },
    ],
    ['SELECT 1 ;', { sql: 'SELECT 1', expected: 't' }],
    ["SELECT name FROM a => 'it''s '", { sql: 'SELECT name FROM a', expected: "it's " }],
    ["SELECT a FROM b WHERE c = ' => x' => ''", { sql: "SELECT a FROM b WHERE c = ' => x'", expected: '' }],
    ['SELECT make_interval(days => 10) => 10 days', { sql: 'SELECT make_interval(days => 10)', expected: '10 days' }],
    ['SELECT f(x => 1)', { sql: 'SELECT f(x => 1)', expected: 't' }],
    [
      "my-db: select '2026-11-21 12:00'::text",
      { database: 'my-db', sql: "select '2026-11-21 12:00'::text", expected: 't' },
    ],
  ])('%s', (text, read) => {
    expect(parseExpectation(text)).toEqual(read);
  });

  test.each([
    ['', /no query/],
    ['thai: => 3', /no query/],
    ['SELECT 1 =>', /no value/],
    ['DELETE FROM book.tickets', /begins with SELECT/],
    ['3276', /begins with SELECT/],
  ])('%j › is refused with the reason', (text, why) => {
    expect(() => parseExpectation(text)).toThrow(FormatError);
    expect(() => parseExpectation(text)).toThrow(why);
  });
});

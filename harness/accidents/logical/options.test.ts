import { PgdrillError } from '../../record/errors';
import type { Accident } from '../accident';
import { badMigration } from './bad-migration';
import { deleteAllRows } from './delete-all-rows';
import { dropDatabase } from './drop-database';
import { dropSchema } from './drop-schema';
import { dropTable } from './drop-table';
import { truncateTable } from './truncate';
import { updateWithoutWhere } from './update-without-where';

const migration = { column: 'fio', type: 'varchar(10)' };
const update = { column: 'fio', value: 'X' };
/** Drill files run without a type check. */
const untyped = (options: object) => options as never;

describe('options of the logical accidents', () => {
  test.each<[string, Accident]>([
    ['DELETE FROM book.tickets', deleteAllRows('book.tickets')],
    ['DROP TABLE book.tickets', dropTable('book.tickets')],
    ['DROP SCHEMA book', dropSchema('book')],
    ['TRUNCATE book.tickets RESTART IDENTITY', truncateTable('book.tickets', { restartIdentity: true })],
    ['UPDATE book.tickets SET fio = null', updateWithoutWhere('book.tickets', { column: 'fio', value: null })],
    ['ALTER TABLE book.tickets ALTER COLUMN fio TYPE varchar(10)', badMigration('book.tickets', migration)],
    ['DROP DATABASE of the dataset', dropDatabase()],
    ['DROP DATABASE other', dropDatabase({ database: 'other' })],
  ])('%s › is what the accident says it does', (title, accident) => {
    expect(accident.title).toBe(title);
  });

  test.each<[string, () => Accident, RegExp]>([
    ['a table without its schema', () => dropTable('tickets'), /^dropTable: "tickets" is no table$/],
    ['a table with too much before it', () => truncateTable('thai.book.tickets'), /"thai.book.tickets" is no table/],
    ['a table with half a name', () => deleteAllRows('book.'), /^deleteAllRows: "book\." is no table$/],
    ['no table', () => deleteAllRows(untyped({})), /is no table$/],
    ['a schema without a name', () => dropSchema(' '), /^dropSchema: its schema is empty$/],
    ['no column', () => updateWithoutWhere('book.tickets', untyped({ value: 1 })), /its column is empty$/],
    ['no value', () => updateWithoutWhere('book.tickets', untyped({ column: 'fio' })), /it has no value$/],
    ['no table to update', () => updateWithoutWhere('', update), /^updateWithoutWhere: "" is no table$/],
    ['no type', () => badMigration('book.tickets', untyped({ column: 'fio' })), /^badMigration: its type is empty$/],
    ['an empty USING', () => badMigration('book.tickets', { ...migration, using: '' }), /its using is empty$/],
    [
      'the ledger’s database',
      () => dropDatabase({ database: 'ledger' }),
      /^dropDatabase: ledger is what the run itself/,
    ],
    ['the database one connects to', () => dropDatabase({ database: 'postgres' }), /postgres is what the run itself/],
    ['a database without a name', () => dropDatabase({ database: '' }), /^dropDatabase: its database is empty$/],
  ])('%s › is refused when the drill is loaded', (_, make, words) => {
    let refused: unknown;
    try {
      make();
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(PgdrillError);
    expect(refused).toMatchObject({ code: 'PGDRILL_DRILL_INVALID', what: expect.stringMatching(words) as string });
  });
});

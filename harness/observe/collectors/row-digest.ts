import { STORED_DIGEST, storedDigestTypes } from './stored-digest';
import type { Column } from './tables';

/**
 * A row's digest in SQL: 64 bits, exact (two values that print differently have different digests, equal or not in the
 * eyes of their type), the same on every member, independent of the row's place.
 *
 * Columns go through the hash functions of their own types where those are exact, each with the one before as its seed, so
 * that values cannot change places unseen. Where a column is NULL that whole chain is NULL (the functions are strict), and
 * the slower form that gives NULL a value of its own is taken. Columns of other types go in by their text, together.
 */

/** How two fingerprints must have been made to be comparable: recorded with each. */
export const methodOf = (stored: boolean): string => (stored ? 'columns-1-stored' : 'columns-1');

type Hash = (value: string, seed: string) => string;

const call =
  (name: string, type: string): Hash =>
  (value, seed) =>
    `${name}(${value}::${type}, ${seed})`;

/**
 * Types whose extended hash function tells apart whatever the type's text tells apart. Not those that share int8's: it
 * folds its halves into one, so that an int8 hashes like the int4 of the same value (`hashint8extended`, hashfunc.c), and
 * 4294967296 like 1.
 */
const EXACT: Readonly<Record<string, Hash>> = {
  bool: call('hashint4extended', 'int4'),
  int2: call('hashint2extended', 'int2'),
  int4: call('hashint4extended', 'int4'),
  // Whole in the seed besides.
  int8: (value, seed) => `hashint8extended(${value}::int8, ${value}::int8 # ${seed})`,
  oid: call('hashoidextended', 'oid'),
  uuid: call('uuid_hash_extended', 'uuid'),
  // In collation "C" by bytes: a nondeterministic collation would take ä and a for equal.
  text: (value, seed) => `hashtextextended(${value}::text COLLATE "C", ${seed})`,
  varchar: (value, seed) => `hashtextextended(${value}::text COLLATE "C", ${seed})`,
  // As days: the type shares int4's function, which cannot be called with it; infinite ones cannot be subtracted.
  date: (value, seed) =>
    `CASE WHEN isfinite(${value}::date) THEN hashint4extended(${value}::date - '2000-01-01'::date, ${seed}) ` +
    `ELSE hashtextextended(${value}::text COLLATE "C", ${seed}) END`,
};

const sent =
  (name: string): Hash =>
  (value, seed) =>
    `${STORED_DIGEST}(${name}(${value}), ${seed})`;

/** With the functions of stored-digest.ts: by the stored bytes, or by those of the binary protocol. */
const STORED: Readonly<Record<string, Hash>> = {
  ...Object.fromEntries(storedDigestTypes.map((type) => [type, call(STORED_DIGEST, type)])),
  float4: sent('float4send'),
  float8: sent('float8send'),
  time: sent('time_send'),
  timestamp: sent('timestamp_send'),
  timestamptz: sent('timestamptz_send'),
};

/** Columns hashed one by one; further ones go by their text, so that expressions of very wide tables do not nest too deep. */
const MOST_ONE_BY_ONE = 60;

const START = 1;

/**
 * The digest of a row as an expression of type bigint, never NULL.
 * @param columns with their names as they can be written in the query
 * @param stored whether the database has the functions of stored-digest.ts
 */
export function rowDigest(columns: readonly Column[], stored: boolean): string {
  const hashOf = ({ type }: Column): Hash | undefined => EXACT[type] ?? (stored ? STORED[type] : undefined);
  const alone = columns.filter(hashOf).slice(0, MOST_ONE_BY_ONE);
  const together = columns.filter((column) => !alone.includes(column));
  const text =
    together.length === 0 ? `${START}::bigint` : `hashtextextended(${rowText(together)} COLLATE "C", ${START})`;
  if (alone.length === 0) return text;
  const hash = (column: Column, seed: string): string => (hashOf(column) ?? EXACT.text!)(column.sql, seed);
  const chain = alone.reduce((seed, column) => hash(column, seed), text);
  const apart = alone.map((column, at) => `coalesce(${hash(column, String(START + 1 + at))}, ${START + 1 + at})`);
  // Stirred once more, as the seed of a constant: a sum of values that are only XORed would take some swaps for nothing.
  return `coalesce(${chain}, hashint4extended(${START}, ${[text, ...apart].join(' # ')}))`;
}

/** The row as PostgreSQL prints it. */
export function rowText(columns: readonly Column[]): string {
  return columns.length === 0 ? `''::text` : `ROW(${columns.map(({ sql }) => sql).join(', ')})::text`;
}

/** The key as it is named to people: one column's own text, several as a row. */
export function keyText(key: readonly Column[]): string {
  const [first] = key;
  return first && key.length === 1 ? `${first.sql}::text` : rowText(key);
}

import { describeError, messageOf, PgdrillError } from '../../record/errors';

/** What an error met while reading says about what was read. */
export type ReadingFault =
  /** The data is not what it should be, or not there: to be named. */
  | 'damaged'
  /** Something was in the way for a time: a lock, a recovery conflict, a server that restarts. Worth another look. */
  | 'in the way'
  /** The relation was dropped meanwhile: nothing is left to be read. */
  | 'gone'
  /** The server does not do what was asked: nothing is known of the data. */
  | 'refused';

/** SQLSTATE by its begin (PostgreSQL documentation, appendix A "PostgreSQL Error Codes"). */
const FAULTS: readonly (readonly [string, ReadingFault])[] = [
  ['XX001', 'damaged'], // data_corrupted: "invalid page in block 10 of relation base/5/16398"
  ['XX002', 'damaged'], // index_corrupted
  ['58P01', 'damaged'], // undefined_file: "could not open file "base/5/16398""
  ['58030', 'damaged'], // io_error
  // A recovery conflict is told as a serialization failure, a deadlock, a dropped database or, by its words, a shutdown
  // (errdetail_recovery_conflict in postgres.c; 27.4.2 "Handling Query Conflicts").
  ['40', 'in the way'],
  ['55P03', 'in the way'], // lock_not_available
  ['57', 'in the way'], // operator_intervention: cancelled, shutting down, starting up, crashed
  ['53', 'in the way'], // insufficient_resources: too many connections
  ['08', 'in the way'], // connection_exception
  ['42P01', 'gone'], // undefined_table
];

/** Connections that end without a SQLSTATE: as Node and pg say it. */
const BROKEN = /ECONN|EPIPE|ETIMEDOUT|terminated unexpectedly|Connection terminated|not queryable|timeout expired/;

/** What a failed read says about the data. Told by SQLSTATE, which does not depend on the server's language. */
export function faultOf(error: unknown): ReadingFault {
  const state = sqlState(error);
  const message = messageOf(error);
  if (state === undefined) return BROKEN.test(`${codeOf(error)} ${message}`) ? 'in the way' : 'refused';
  // Some internal errors (XX000) have no code of their own and are about what was read, or about a drop meanwhile.
  if (/^could not open relation with OID \d+/.test(message)) return 'gone';
  return FAULTS.find(([begin]) => state.startsWith(begin))?.[1] ?? (state === 'XX000' ? 'damaged' : 'refused');
}

/** An error in one line: the server's SQLSTATE or pgdrill's code first, then its words. */
export function errorLine(error: unknown): string {
  const state = sqlState(error);
  if (state !== undefined) return `${state}: ${messageOf(error)}`;
  const { code, what, cause } = describeError(error);
  return error instanceof PgdrillError ? `${code}: ${what}${cause ? ` (${cause})` : ''}` : what;
}

/** Where the server saw damage, when it names a place. */
export interface DamagedPlace {
  /** Path of the relation's file below the data directory, without fork: `base/16385/16398`. */
  path: string;
  block?: number;
}

/**
 * The file and block in the server's words, such as `invalid page in block 10 of relation base/5/16398`, `could not
 * read block 3 in file "base/5/16398.1"`, or from PostgreSQL 18 on `2 invalid pages among blocks 4..19 of relation
 * "base/5/16398"`.
 */
export function damagedPlace(message: string): DamagedPlace | undefined {
  const path = /\b((?:base\/\d+|global|pg_tblspc\/\d+\/[^/\s"]+\/\d+)\/\d+)/.exec(message)?.[1];
  if (path === undefined) return undefined;
  const block = /\bblocks? (\d+)/.exec(message)?.[1];
  return { path, ...(block === undefined ? {} : { block: Number(block) }) };
}

/** The server's SQLSTATE: five characters, a code of Node's (`ECONNRESET`) is longer. */
function sqlState(error: unknown): string | undefined {
  const code = codeOf(error);
  return /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code) ? code : undefined;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

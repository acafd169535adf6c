import { droppedDatabases, type WalRecord } from './waldump';

/** A DROP DATABASE in the WAL. */
export interface DatabaseDrop {
  /** oid, as text */
  database: string;
  /** The first record of it that stays done whatever becomes of its transaction: recover to here, exclusive. */
  begin: string;
  /** The `Database` DROP record, which removes the files. */
  lsn: string;
  /** Its transaction, in 32 bits. */
  xid: string;
}

/**
 * The databases dropped in a piece of WAL, and where each drop begins.
 *
 * Two things of it are not undone when recovery stops before its commit. The DROP record removes the files as soon as it
 * is replayed. Before it, from PostgreSQL 15.4 on, the database is marked invalid by an update in place, which is no
 * part of the transaction (`dropdb` in dbcommands.c, DATCONNLIMIT_INVALID_DB): recovery to the DROP record, exclusive,
 * leaves all files and "cannot connect to invalid database". So a drop begins at that INPLACE record, if it has one: the
 * last on the row of pg_database that the drop's transaction deletes right after it. The row's place is taken from the
 * WAL: pg_database may have been rewritten, and vacuum too updates such rows in place.
 * @param records in WAL order; those of Database and of Heap on shared catalogues are enough
 */
export function databaseDrops(records: readonly WalRecord[]): DatabaseDrop[] {
  return records.flatMap((drop, index) => {
    const databases = new Set(droppedDatabases(drop).map(({ database }) => database));
    const before = records.slice(0, index);
    return [...databases].map((database) => ({ database, begin: beginOf(drop, before), lsn: drop.lsn, xid: drop.tx }));
  });
}

function beginOf(drop: WalRecord, before: readonly WalRecord[]): string {
  const heap = before.filter(({ rmgr }) => rmgr === 'Heap');
  const deleted = new Set(
    heap.filter(({ operation, tx }) => operation === 'DELETE' && tx === drop.tx).map(({ detail }) => rowOf(detail)),
  );
  const marked = heap.findLast(({ operation, detail }) => operation === 'INPLACE' && deleted.has(rowOf(detail)));
  return marked?.lsn ?? drop.lsn;
}

/** Relation, block and place in it: `1664/0/1262 0 4`. "off 4" up to PostgreSQL 15, "off: 4" from 16 on. */
function rowOf(detail: string): string {
  const [, relation = '', block = ''] = /\brel (\d+\/\d+\/\d+) blk (\d+)/.exec(detail) ?? [];
  const [, offset = ''] = /\boff:? (\d+)/.exec(detail) ?? [];
  return `${relation} ${block} ${offset}`;
}

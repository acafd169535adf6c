import { databaseDrops } from './database-drop';
import { parseWaldump } from './waldump';

/** Lines of pg_waldump of PostgreSQL 15.20: rmgr, transaction, LSN, description. */
type Line = [rmgr: string, tx: number, lsn: string, desc: string];
const wal = (...lines: Line[]) =>
  parseWaldump(
    lines
      .map(
        ([rmgr, tx, lsn, desc]) =>
          `rmgr: ${rmgr.padEnd(11)} len (rec/tot):     54/    54, tx: ${String(tx).padStart(10)}, lsn: ${lsn}, prev 0/03002458, desc: ${desc}`,
      )
      .join('\n'),
  );
const row = (place: number, relation = '1664/0/1262') => `off ${place}, blkref #0: rel ${relation} blk 0`;
const gone = (place: number, relation?: string) => row(place, relation).replace(',', ' flags 0x00 KEYS_UPDATED ,');
const inplace = (tx: number, lsn: string, place = 4): Line => ['Heap', tx, lsn, `INPLACE ${row(place)} FPW`];
const deleted = (tx: number, lsn: string, place = 4): Line => ['Heap', tx, lsn, `DELETE ${gone(place)}`];
const drop = (tx: number, lsn: string, dir = '1663/16384'): Line => ['Database', tx, lsn, `DROP dir ${dir}`];

describe('databases dropped in the WAL', () => {
  test('a drop begins where the row of pg_database is marked, be that outside the transaction', () => {
    const found = { database: '16384', lsn: '0/30003F8', xid: '726' };
    for (const tx of [0, 726]) {
      const records = wal(inplace(tx, '0/03000028'), deleted(726, '0/03000310'), drop(726, '0/030003F8'));
      expect(databaseDrops(records)).toEqual([{ ...found, begin: '0/3000028' }]);
    }
  });

  test('what vacuum marks in place, or another drop, is not its begin', () => {
    const vacuumed = [inplace(0, '0/01000028'), inplace(0, '0/02000028', 3)];
    const [own, end] = [inplace(0, '0/03000028'), drop(726, '0/030003F8')];
    const other = [inplace(0, '0/03000368', 2), deleted(727, '0/03000390', 2)];
    const records = wal(...vacuumed, own, deleted(726, '0/03000310'), ...other, end, drop(727, '0/03000500', '1663/9'));
    expect(databaseDrops(records).map(({ database, begin }) => [database, begin])).toEqual([
      ['16384', '0/3000028'],
      ['9', '0/3000368'],
    ]);
  });

  test('a release that marks nothing › the drop begins with the files', () => {
    const comment: Line = ['Heap', 726, '0/03000300', `DELETE ${gone(4, '1664/0/2396')}`];
    const records = wal(inplace(0, '0/03000028', 5), comment, deleted(726, '0/03000310'), drop(726, '0/030003F8'));
    expect(databaseDrops(records)).toMatchObject([{ begin: '0/30003F8' }]);
  });

  test('as PostgreSQL 18 prints it; of two tablespaces it is one drop', () => {
    const records = wal(
      ['Heap', 0, '0/03000028', 'INPLACE off: 4, blkref #0: rel 1664/0/1262 blk 0'],
      ['Heap', 0, '0/03000100', 'INPLACE off: 3, blkref #0: rel 1664/0/1262 blk 0'],
      [
        'Heap',
        7,
        '0/03000310',
        'DELETE xmax: 7, off: 4, infobits: [KEYS_UPDATED], flags: 0x00, blkref #0: rel 1664/0/1262 blk 0',
      ],
      drop(7, '0/030003F8', '1663/16384 16400/16384'),
    );
    expect(databaseDrops(records)).toEqual([{ database: '16384', begin: '0/3000028', lsn: '0/30003F8', xid: '7' }]);
    expect(databaseDrops(wal(inplace(0, '0/03000028')))).toEqual([]);
  });
});

import { parseWaldump } from '../formats/waldump';
import { dropsIn } from './drops-near';

// As pg_waldump of PostgreSQL 15 prints a DROP DATABASE: Heap and Database records first, as they are asked for first.
const MARKED =
  'rmgr: Heap        len (rec/tot):     59/    59, tx:          0, lsn: 0/01935D00, prev 0/01935C90, desc: INPLACE off 4, blkref #0: rel 1664/0/1262 blk 0';
const DELETED =
  'rmgr: Heap        len (rec/tot):     54/    54, tx:        727, lsn: 0/01935D80, prev 0/01935D00, desc: DELETE off 4 flags 0x00 KEYS_UPDATED , blkref #0: rel 1664/0/1262 blk 0';
const DROP =
  'rmgr: Database    len (rec/tot):     38/    38, tx:        727, lsn: 0/01935E48, prev 0/01935DD0, desc: DROP dir 1663/16384';
const ended = (tx: string, lsn: string, time: string) =>
  `rmgr: Transaction len (rec/tot):     66/    66, tx:        ${tx}, lsn: ${lsn}, prev 0/01935C90, desc: COMMIT ${time} UTC; inval msgs: catcache 21`;
const EARLIER = ended('726', '0/01935C90', '2026-11-21 10:59:45.120000');
const OWN = ended('727', '0/01935E98', '2026-11-21 10:59:45.250000');
const LATER = ended('728', '0/01935F20', '2026-11-21 10:59:45.260000');

const drops = (...lines: string[]) => dropsIn(parseWaldump(lines.join('\n')));

describe('databases dropped around a target', () => {
  test('each has its commit and the latest one before it', () => {
    expect(drops(MARKED, DELETED, DROP, EARLIER, OWN, LATER)).toEqual([
      {
        begin: '0/1935D00',
        end: { lsn: '0/1935E98', xid: '727', time: '2026-11-21 10:59:45.250000+00', record: 'COMMIT' },
        before: { lsn: '0/1935C90', xid: '726', time: '2026-11-21 10:59:45.120000+00', record: 'COMMIT' },
      },
    ]);
    expect(drops(DROP, OWN)).toEqual([expect.not.objectContaining({ before: expect.anything() as unknown })]);
    expect(drops(DROP, OWN)).toMatchObject([{ begin: '0/1935E48' }]);
  });

  test('one whose commit is not there, or no drop at all › none', () => {
    expect(drops(DROP, EARLIER, LATER)).toEqual([]);
    expect(drops(EARLIER, OWN, LATER)).toEqual([]);
  });
});

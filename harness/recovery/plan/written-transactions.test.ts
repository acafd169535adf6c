import { spawnSync } from 'node:child_process';
import { parseWaldump } from '../../formats/waldump';
import { statisticsFiles, writersProgram, writtenTransactions } from './written-transactions';

/** Lines as pg_waldump 15 prints them. */
const line = (rmgr: string, tx: number, lsn: string, desc: string) =>
  `rmgr: ${rmgr.padEnd(11)} len (rec/tot):     54/    54, tx: ${String(tx).padStart(10)}, lsn: ${lsn}, prev 0/05000000, desc: ${desc}`;
const commit = (tx: number, lsn: string, second: string, more = '') =>
  line('Transaction', tx, lsn, `COMMIT 2026-11-21 06:40:${second}.000001 UTC${more}`);
const insert = (tx: number, file: number) =>
  line('Heap', tx, '0/06000100', `INSERT off 1 flags 0x00, blkref #0: rel 1663/16384/${file} blk 0`);

const dump = [
  insert(740, 16390),
  commit(740, '0/06000200', '12'),
  // Nothing but a number: a probe.
  commit(741, '0/06000300', '10'),
  // ANALYZE by autovacuum.
  line('Heap', 742, '0/06000310', 'HOT_UPDATE off 1 xmax 742, blkref #0: rel 1663/16384/2619 blk 0'),
  line('Btree', 742, '0/06000320', 'INSERT_LEAF off 3, blkref #0: rel 1663/16384/2696 blk 1'),
  line('Heap', 742, '0/06000330', 'INPLACE off 3, blkref #0: rel 1663/16384/1259 blk 0'),
  commit(742, '0/06000400', '13'),
  // All of it in a subtransaction.
  insert(744, 16391),
  commit(743, '0/06000500', '11', '; subxacts: 744 745'),
  // No relation, and yet a change.
  line('Storage', 746, '0/06000510', 'CREATE base/16384/16400'),
  commit(746, '0/06000600', '14'),
  insert(747, 16390),
  line('Transaction', 747, '0/06000700', 'ABORT 2026-11-21 06:40:09.000001 UTC'),
  line('XLOG', 0, '0/06000710', 'FPI_FOR_HINT , blkref #0: rel 1663/16384/16390 blk 0 FPW'),
].join('\n');

function writers(text: string): Set<string> {
  const program = `BEGIN { ${statisticsFiles.map((file) => `statistics[${file}]`).join('; ')} }${writersProgram}`;
  const { stdout, stderr } = spawnSync('awk', [program], { input: `${text}\n`, encoding: 'utf8' });
  expect(stderr).toBe('');
  return new Set(stdout.split('\n').filter(Boolean));
}

test('writersProgram › transactions that changed something; not a bare number, not ANALYZE', () => {
  expect([...writers(dump)]).toEqual(['740', '744', '746', '747']);
});

describe('writtenTransactions', () => {
  const records = parseWaldump(dump);

  test('commits of those, by their subtransactions too, and the time of the first', () => {
    expect(writtenTransactions(records, writers(dump), '0/6000000')).toEqual({
      count: 3,
      since: '2026-11-21 06:40:11.000001+00',
    });
  });

  test('the copy of the old history at the begin of a segment is not counted, and nothing twice', () => {
    expect(writtenTransactions([...records, ...records], writers(dump), '0/6000500').count).toBe(2);
  });

  test('none', () => expect(writtenTransactions(records, new Set(), '0/0')).toEqual({ count: 0 }));
});

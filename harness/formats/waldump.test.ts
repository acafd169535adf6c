import { FormatError } from './format-error';
import {
  droppedDatabases,
  endsTransaction,
  parseWaldump,
  parseWalRecord,
  restorePointName,
  timelineSwitch,
  type WalRecord,
} from './waldump';
import { parseEndOfWal } from './waldump-end';

function line(rmgr: string, tx: string, desc: string): string {
  return `rmgr: ${rmgr.padEnd(11)} len (rec/tot):     54/    54, tx: ${tx.padStart(10)}, lsn: 0/03002498, prev 0/03002458, desc: ${desc}`;
}

function read(text: string): WalRecord {
  const record = parseWalRecord(text);
  if (!record) throw new Error(`not a record: ${text}`);
  return record;
}

describe('waldump › records', () => {
  it('reads a commit whole', () => {
    expect(
      parseWalRecord(
        'rmgr: Transaction len (rec/tot):     98/  8241, tx:        735, lsn: 1/03018528, prev 0/FFFFF4E8, desc: COMMIT 2026-11-21 06:00:09.944711 UTC; dropped stats: 1/16387/0; inval msgs: catcache 21 catcache 21; sync',
      ),
    ).toEqual({
      rmgr: 'Transaction',
      length: 98,
      totalLength: 8241,
      tx: '735',
      lsn: '1/3018528',
      prev: '0/FFFFF4E8',
      operation: 'COMMIT',
      detail: '2026-11-21 06:00:09.944711 UTC; dropped stats: 1/16387/0; inval msgs: catcache 21 catcache 21; sync',
      transaction: { action: 'COMMIT', xid: '735', time: '2026-11-21 06:00:09.944711+00' },
    });
  });

  it.each([
    ['COMMIT', '739', 'COMMIT 2026-11-21 06:00:09.986625 UTC', '739', true],
    ['COMMIT', '730', 'COMMIT 2026-11-21 06:00:09.698830 UTC; subxacts: 731', '730', true],
    [
      'COMMIT',
      '9',
      'COMMIT 2026-11-21 06:00:09.698830 UTC; origin: node 1, lsn 0/16B, at 2026-11-21 05:00:00.000000 UTC',
      '9',
      true,
    ],
    ['ABORT', '732', 'ABORT 2026-11-21 06:00:09.699077 UTC', '732', true],
    ['ABORT', '733', 'ABORT 2026-11-21 06:00:09.699840 UTC; rels: base/5/16389; dropped stats: 2/5/16389', '733', true],
    ['COMMIT_PREPARED', '0', 'COMMIT_PREPARED 728: 2026-11-21 06:00:09.698232 UTC', '728', true],
    ['ABORT_PREPARED', '0', 'ABORT_PREPARED 729: 2026-11-21 06:00:09.698424 UTC; rels: base/5/1', '729', true],
    ['PREPARE', '728', 'PREPARE gid p1: 2026-11-21 06:00:09.697515 UTC', '728', false],
  ])('reads %s of transaction %s', (action, tx, desc, xid, ends) => {
    const record = read(line('Transaction', tx, desc));
    expect(record.transaction).toMatchObject({
      action,
      xid,
      time: expect.stringMatching(/^2026-11-21 06:00:09\.\d{6}\+00$/),
    });
    expect(endsTransaction(record)).toBe(ends);
  });

  it('keeps a gid that looks like more of the line', () => {
    const record = read(
      line('Transaction', '8', 'PREPARE gid a: 2026-01-01 00:00:00.000000 UTC: 2026-11-21 06:00:09.000001 UTC'),
    );
    expect(record.transaction).toMatchObject({
      gid: 'a: 2026-01-01 00:00:00.000000 UTC',
      time: '2026-11-21 06:00:09.000001+00',
    });
  });

  it('knows transaction records that end nothing', () => {
    const record = read(line('Transaction', '735', 'INVALIDATION ; inval msgs: catcache 21 catcache 21'));
    expect(record).toMatchObject({ operation: 'INVALIDATION' });
    expect(record.transaction).toBeUndefined();
    expect(endsTransaction(record)).toBe(false);
  });

  it('refuses a time that was printed in another zone', () => {
    expect(() => parseWalRecord(line('Transaction', '9', 'COMMIT 2026-11-21 13:00:09.986625 +07'))).toThrow(/TZ=UTC/);
    expect(() => parseWalRecord(line('Transaction', '9', 'COMMIT 2026-11-21 06:00:09.986625 GMT'))).toThrow(/TZ=UTC/);
  });

  it('refuses a transaction line that is cut', () => {
    const whole = line('Transaction', '9', 'COMMIT 2026-11-21 06:00:09.986625 UTC');
    expect(() => parseWalRecord(whole.slice(0, -12))).toThrow(FormatError);
    expect(() => parseWalRecord(whole.slice(0, 60))).toThrow(FormatError);
    expect(() => parseWalRecord(line('Transaction', '0', 'COMMIT_PREPARED 2026-11-21 06:00:09.986625 UTC'))).toThrow(
      FormatError,
    );
  });

  it('reads the other records by their description', () => {
    expect(read(line('XLOG', '0', 'SWITCH '))).toMatchObject({ rmgr: 'XLOG', operation: 'SWITCH', detail: '' });
    expect(restorePointName(read(line('XLOG', '0', 'RESTORE_POINT rp "one"')))).toBe('rp "one"');
    expect(restorePointName(read(line('XLOG', '0', 'SWITCH ')))).toBeNull();
    expect(droppedDatabases(read(line('Database', '735', 'DROP dir 1663/16387 16400/16387')))).toEqual([
      { tablespace: '1663', database: '16387' },
      { tablespace: '16400', database: '16387' },
    ]);
    expect(droppedDatabases(read(line('Database', '735', 'CREATE_WAL_LOG 1663/16387')))).toEqual([]);
  });

  it('sees where a timeline begins', () => {
    const ended = 'END_OF_RECOVERY tli 3; prev tli 2; time 2026-11-21 06:06:48.411530 UTC';
    const recovered = 'CHECKPOINT_SHUTDOWN redo 0/3018528; tli 2; prev tli 1; fpw true; xid 0:736; shutdown';
    const ordinary = 'CHECKPOINT_SHUTDOWN redo 0/3018910; tli 2; prev tli 2; fpw true; xid 0:736; shutdown';
    expect(timelineSwitch(read(line('XLOG', '0', ended)))).toEqual({ timeline: 3, previous: 2 });
    expect(timelineSwitch(read(line('XLOG', '0', recovered)))).toEqual({ timeline: 2, previous: 1 });
    expect(timelineSwitch(read(line('XLOG', '0', ordinary)))).toBeNull();
  });

  it('leaves out lines that are no records, whatever they say', () => {
    const output = [
      'first record is after 0/3000000, at 0/3000028, skipping over 40 bytes',
      line('Transaction', '1', 'COMMIT 2026-11-21 06:00:09.000001 UTC'),
      line('Heap', '2', 'INSERT off 3 flags 0x08, blkref #0: rel 1663/5/16384 blk 0'),
      '',
      'pg_waldump: error: error in WAL record at 0/5000028: invalid record length at 0/50000A0: wanted 24, got 0',
    ].join('\n');
    expect(parseWaldump(output).map(({ rmgr, operation }) => `${rmgr} ${operation}`)).toEqual([
      'Transaction COMMIT',
      'Heap INSERT',
    ]);
  });
});

describe('waldump › end of WAL', () => {
  it.each([
    ['invalid record length at 0/50000A0: wanted 24, got 0', '0/50000A0', true],
    ['invalid record length at 0/50000A0: expected at least 24, got 0', '0/50000A0', true],
    ['invalid record length at 0/50000A0: wanted 24, got 7', '0/50000A0', false],
    ['incorrect resource manager data checksum in record at 0/03015CE0', '0/3015CE0', false],
    ['record with incorrect prev-link 0/2000028 at 0/3000028', '0/3000028', false],
    ['unexpected pageaddr 0/1000000 in log segment 000000010000000000000005, offset 0', null, false],
  ])('%s', (reason, atLsn, unwritten) => {
    expect(parseEndOfWal(`pg_waldump: error: error in WAL record at 0/5000028: ${reason}\n`)).toEqual({
      kind: 'bad-record',
      lastLsn: '0/5000028',
      atLsn,
      reason,
      unwritten,
    });
  });

  it.each([
    ['could not find a valid record after 0/4000000', { kind: 'no-record', afterLsn: '0/4000000' }],
    [
      'could not find file "000000010000000000000005": No such file or directory',
      { kind: 'missing-file', file: '000000010000000000000005' },
    ],
    ['could not locate WAL file "nix"', { kind: 'missing-file', file: 'nix' }],
    [
      'could not read file "x.backup": read 338 of 8192',
      { kind: 'unreadable', reason: 'could not read file "x.backup": read 338 of 8192' },
    ],
  ])('%s', (message, expected) => {
    expect(parseEndOfWal(`some line\npg_waldump: error: ${message}\n`)).toEqual(expected);
    expect(parseEndOfWal(`pg_waldump: fatal: ${message}`)).toEqual(expected);
  });

  it('is null when nothing went wrong', () => {
    expect(parseEndOfWal('')).toBeNull();
    expect(parseEndOfWal(line('Transaction', '1', 'COMMIT 2026-11-21 06:00:09.000001 UTC'))).toBeNull();
  });
});

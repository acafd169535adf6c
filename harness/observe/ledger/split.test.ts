import { NumberSet } from '../../formats/number-set';
import { commitOf, parseWaldump, type WalRecord } from '../../formats/waldump';
import { ledgerEvidenceSchema } from '../../record/ledger';
import type { RecoveryTarget } from '../../record/recovery';
import type { LedgerEntry } from './entry';
import { splitLedger, type ReadWay, type SplitInput } from './split';
import { WalOrder } from './wal-order';

const at = (second: number, micros = 0) => `2026-11-21 06:40:${pad(second, 2)}.${pad(micros, 6)}`;
const pad = (value: number, length: number) => String(value).padStart(length, '0');
const hex = (value: number) => `0/0${value.toString(16).toUpperCase()}`;

/** pg_waldump's lines: a record each 0x100 bytes from 0/5000000 on, linked. */
function wal(...records: [xid: number, time: string, action?: string][]): WalRecord[] {
  const lines = records.map(
    ([xid, time, action = 'COMMIT'], index) =>
      `rmgr: Transaction len (rec/tot):     46/    46, tx: ${xid}, lsn: ${hex(0x5000000 + index * 0x100)}, prev ${hex(0x5000000 + (index - 1) * 0x100)}, desc: ${action} ${time} UTC`,
  );
  return parseWaldump(lines.join('\n'));
}

/** A row acknowledged on timeline 1 at second 1, unless said otherwise. */
const entry = (seq: number, xid: number | string, change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  seq,
  parts: 1,
  writer: 1,
  sentAt: `${at(0)}+00`,
  member: 'db1',
  xid: String(xid),
  timeline: 1,
  acknowledgedAt: `${at(1)}+00`,
  state: 'acknowledged',
  ...change,
});

const records = wal([101, at(1)], [102, at(2)], [103, at(3)], [104, at(4)]);
const entries = [entry(1, 101), entry(2, 102), entry(3, 103), entry(4, 104)];

interface Asked extends Partial<Omit<SplitInput, 'target'>> {
  records?: readonly WalRecord[];
  target?: RecoveryTarget;
  consistentLsn?: string;
}

/** A way of one timeline, read whole. */
function way(target: RecoveryTarget, wal: readonly WalRecord[], timeline: number, consistentLsn?: string): ReadWay {
  const history = { timeline, ancestors: [] };
  const order = new WalOrder({ target, history, replayFrom: '0/1', consistentLsn });
  for (const record of wal) order.add(record);
  return { order, has: (one) => one === timeline, leftAndWhole: () => false, whole: true };
}

async function split({ records: wal = records, target, consistentLsn, ...change }: Asked = {}) {
  const stop: RecoveryTarget = target ?? { kind: 'time', time: `${at(2)}+00`, inclusive: true };
  const input: SplitInput = {
    writers: 4,
    entries,
    target: way(stop, wal, 1, consistentLsn),
    targetTimeline: 1,
    ...change,
  };
  const evidence = await splitLedger(input);
  expect(ledgerEvidenceSchema.parse(evidence)).toEqual(evidence);
  return evidence;
}

describe('split of the ledger › by the boundary', () => {
  test('an inclusive time › the commit of that microsecond is kept, the next is the boundary', async () => {
    expect(await split()).toMatchObject({
      writers: 4,
      sent: 4,
      acknowledged: 4,
      before: '1-2',
      discardedBefore: '3-4',
      boundary: {
        timeline: 1,
        lsn: '0/5000200',
        xid: '103',
        time: `${at(3)}+00`,
        record: 'COMMIT',
        lastKept: { lsn: '0/5000100', xid: '102', time: `${at(2)}+00` },
      },
      lastRecovered: `${at(2)}+00`,
      tiesAtBoundary: 1,
    });
  });

  test('an exclusive time › the commit of that microsecond is the boundary', async () => {
    const { before, boundary } = await split({ target: { kind: 'time', time: `${at(2)}+00`, inclusive: false } });
    expect([before, boundary?.xid]).toEqual(['1', '102']);
  });

  test('an LSN › where the record starts, inclusive or not', async () => {
    const lsn = '0/5000100';
    expect((await split({ target: { kind: 'lsn', lsn, inclusive: true } })).before).toBe('1-2');
    expect((await split({ target: { kind: 'lsn', lsn, inclusive: false } })).before).toBe('1');
    expect((await split({ target: { kind: 'lsn', lsn: '0/5000101', inclusive: false } })).before).toBe('1-2');
  });

  test('an xid › inclusive or not, 64 bits as well as 32', async () => {
    const epoch3 = String((3n << 32n) + 102n);
    for (const xid of ['102', epoch3]) {
      expect((await split({ target: { kind: 'xid', xid, inclusive: true } })).before).toBe('1-2');
      expect(await split({ target: { kind: 'xid', xid, inclusive: false } })).toMatchObject({
        before: '1',
        boundary: { xid: '102' },
      });
    }
  });

  test('an abort › is a boundary like a commit, and is not what was recovered last', async () => {
    const mixed = wal([101, at(1)], [102, at(2), 'ABORT'], [103, at(3), 'ABORT'], [104, at(4)]);
    const evidence = await split({ records: mixed, entries: [entry(1, 101), entry(4, 104)] });
    expect(evidence).toMatchObject({ before: '1', discardedBefore: '4', lastRecovered: `${at(1)}+00` });
    expect(evidence.boundary).toMatchObject({ record: 'ABORT', xid: '103', lastKept: { xid: '101' } });
  });

  test('at the end of WAL › no boundary, everything is before', async () => {
    const evidence = await split({ target: { kind: 'latest' } });
    expect(evidence).toMatchObject({ before: '1-4', discardedBefore: '', lastRecovered: `${at(4)}+00` });
    expect(evidence.boundary).toBeUndefined();
    expect(evidence.tiesAtBoundary).toBeUndefined();
  });

  test('before the first commit › nothing is kept', async () => {
    const evidence = await split({ target: { kind: 'time', time: `${at(0)}+00`, inclusive: true } });
    expect(evidence).toMatchObject({ before: '', discardedBefore: '1-4', boundary: { xid: '101' } });
    expect(evidence.boundary?.lastKept).toBeUndefined();
    expect(evidence.lastRecovered).toBeUndefined();
  });

  test('immediate › where the backup becomes consistent: rows from before it are in the backup', async () => {
    const target = { kind: 'immediate' } as const;
    const evidence = await split({ target, consistentLsn: '0/50001FF' });
    expect(evidence).toMatchObject({ before: '1-2', discardedBefore: '3-4', boundary: { xid: '103' } });
    expect(await split({ target, consistentLsn: '0/6000000' })).toMatchObject({ before: '1-4', discardedBefore: '' });
  });

  test('immediate, and nobody says where › the order is unknown, nothing is claimed', async () => {
    const evidence = await split({ target: { kind: 'immediate' } });
    expect(evidence).toMatchObject({ before: '', discardedBefore: '', unplaced: '1-4', around: [] });
    expect(evidence.boundary).toBeUndefined();
    expect(evidence.lastRecovered).toBeUndefined();
  });
});

describe('split of the ledger › by the order of the WAL', () => {
  test('xids that go backwards › the place in the WAL counts', async () => {
    const backwards = wal([104, at(1)], [101, at(2)], [103, at(3)], [102, at(4)]);
    expect(await split({ records: backwards })).toMatchObject({ before: '1,4', discardedBefore: '2-3' });
  });

  test('times that go backwards › replay stops at the first that is later, what comes after it is left out', async () => {
    const backwards = wal([101, at(1)], [102, at(3)], [103, at(2)], [104, at(4)]);
    expect(await split({ records: backwards })).toMatchObject({
      before: '1',
      discardedBefore: '2-4',
      boundary: { xid: '102' },
    });
  });

  test('the client’s order and clock › do not count', async () => {
    const late = [entry(9, 101, { acknowledgedAt: `${at(50)}+00` }), entry(1, 104, { acknowledgedAt: `${at(0)}+00` })];
    expect(await split({ entries: late })).toMatchObject({ before: '9', discardedBefore: '1' });
  });

  test('commits of one microsecond › are counted, a time target keeps all or none', async () => {
    const tied = wal([101, at(1)], [102, at(2)], [103, at(2)], [104, at(2)]);
    expect(
      await split({ records: tied, target: { kind: 'time', time: `${at(1, 999_999)}+00`, inclusive: true } }),
    ).toMatchObject({
      before: '1',
      tiesAtBoundary: 3,
    });
    expect((await split({ records: tied })).before).toBe('1-4');
    expect(await split({ records: tied, target: { kind: 'lsn', lsn: '0/5000200', inclusive: false } })).toMatchObject({
      before: '1-2',
      tiesAtBoundary: 3,
    });
  });

  test('a 64-bit xid of the client › is matched by its lower half', async () => {
    const epoch = (xid: number) => String((7n << 32n) + BigInt(xid));
    expect(await split({ entries: [entry(1, epoch(101)), entry(3, epoch(103))] })).toMatchObject({
      before: '1',
      discardedBefore: '3',
      unplaced: '',
    });
  });

  test('prepared transactions › COMMIT PREPARED counts, PREPARE does not end one', async () => {
    const text = [
      'rmgr: Transaction len (rec/tot):    242/   242, tx:        101, lsn: 0/05000000, prev 0/04FFFF00, desc: PREPARE gid p1: 2026-11-21 06:40:01.000000 UTC',
      'rmgr: Transaction len (rec/tot):     46/    46, tx:        102, lsn: 0/05000100, prev 0/05000000, desc: COMMIT 2026-11-21 06:40:02.000000 UTC',
      'rmgr: Transaction len (rec/tot):     53/    53, tx:          0, lsn: 0/05000200, prev 0/05000100, desc: COMMIT_PREPARED 101: 2026-11-21 06:40:03.000000 UTC',
    ].join('\n');
    const evidence = await split({ records: parseWaldump(text), entries: [entry(1, 101), entry(2, 102)] });
    expect(evidence).toMatchObject({ before: '2', discardedBefore: '1' });
    expect(evidence.boundary).toMatchObject({ record: 'COMMIT_PREPARED', xid: '101' });
  });
});

describe('split of the ledger › by what the client was told', () => {
  test('no clean answer › indeterminate, wherever its commit lies; a refusal is no class', async () => {
    const mixed = [
      entry(1, 101, { state: 'indeterminate' }),
      entry(2, 102),
      entry(3, 103, { state: 'indeterminate', xid: undefined, acknowledgedAt: undefined }),
      entry(4, 104, { state: 'failed' }),
      entry(5, 999, { state: 'indeterminate', timeline: 2 }),
    ];
    expect(await split({ entries: mixed })).toMatchObject({
      sent: 5,
      acknowledged: 1,
      before: '2',
      indeterminate: '1,3,5',
      discardedBefore: '',
      unplaced: '',
      resumed: '',
    });
  });

  test('after the fence was proven › discardedDuring; at it or before › discardedBefore', async () => {
    const around = [
      entry(2, 102, { acknowledgedAt: `${at(11)}+00` }),
      entry(3, 103, { acknowledgedAt: `${at(10)}+00` }),
      entry(4, 104, { acknowledgedAt: `${at(10, 1)}+00` }),
    ];
    expect(await split({ entries: around, fencedAt: `${at(10)}+00` })).toMatchObject({
      before: '2',
      discardedBefore: '3',
      discardedDuring: '4',
      lastAcknowledgedBeforeFence: `${at(10)}+00`,
    });
  });

  test('no fence › nothing is discarded during it, the last acknowledgement is the last of all', async () => {
    const around = [
      entry(3, 103, { acknowledgedAt: `${at(12)}+00` }),
      entry(4, 104, { acknowledgedAt: `${at(11)}+00` }),
    ];
    expect(await split({ entries: around })).toMatchObject({
      discardedBefore: '3-4',
      discardedDuring: '',
      lastAcknowledgedBeforeFence: `${at(12)}+00`,
    });
  });

  test('clocks of different zones and forms › are compared as moments', async () => {
    const other = [entry(3, 103, { acknowledgedAt: '2026-11-21T06:40:10.000001Z' })];
    expect((await split({ entries: other, fencedAt: '2026-11-21 13:40:10+07' })).discardedDuring).toBe('3');
  });

  test('on a later timeline › resumed, although its xid was handed out before', async () => {
    const resumed = [
      ...entries,
      entry(5, 101, { timeline: 2, member: 'db2', acknowledgedAt: `${at(31)}+00` }),
      entry(6, 103, { timeline: 3, member: 'db2', acknowledgedAt: `${at(30)}+00` }),
    ];
    expect(await split({ entries: resumed, fencedAt: `${at(20)}+00` })).toMatchObject({
      before: '1-2',
      discardedBefore: '3-4',
      discardedDuring: '',
      resumed: '5-6',
      firstResumedAck: `${at(30)}+00`,
      lastAcknowledgedBeforeFence: `${at(1)}+00`,
    });
  });

  test('no commit record at hand › unplaced: another xid, or none known', async () => {
    const strange = [entry(1, 999), entry(3, 103, { timeline: undefined }), entry(4, 104, { xid: undefined })];
    expect(await split({ entries: strange })).toMatchObject({ before: '', discardedBefore: '', unplaced: '1,3-4' });
  });

  test('nothing written, nothing in the WAL › empty classes', async () => {
    expect(await split({ entries: [], records: [] })).toEqual({
      writers: 4,
      sent: 0,
      acknowledged: 0,
      before: '',
      discardedBefore: '',
      discardedDuring: '',
      abandoned: '',
      resumed: '',
      indeterminate: '',
      unplaced: '',
      multiRow: '',
      around: [],
    });
  });
});

describe('split of the ledger › commits around the boundary', () => {
  test('twenty on either side are kept, in WAL order', async () => {
    const many = wal(...Array.from({ length: 60 }, (_, n): [number, string] => [1000 - n, at(n)]));
    const evidence = await split({ records: many, target: { kind: 'time', time: `${at(29)}+00`, inclusive: true } });
    expect(evidence.around).toHaveLength(40);
    expect(evidence.around[20]).toEqual(commitOf(many[30] as WalRecord));
    expect(evidence.around[20]?.lsn).toBe(evidence.boundary?.lsn);
  });
});

describe('split of the ledger › across timelines', () => {
  /** Timeline 1 left at 0/5000200, before the third commit; the target is on timeline 2. */
  const history = { timeline: 2, ancestors: [{ timeline: 1, endLsn: '0/5000200', reason: '' }] };
  const across = (wal: readonly WalRecord[], target: RecoveryTarget, whole = true): ReadWay => {
    const order = new WalOrder({ target, history, replayFrom: '0/5000000' });
    for (const record of wal) order.add(record);
    const has = (timeline: number) => timeline <= 2;
    return { order, has, leftAndWhole: (timeline) => whole && timeline === 1, whole };
  };
  const until = (second: number): RecoveryTarget => ({ kind: 'time', time: `${at(second)}+00`, inclusive: true });
  const place = (input: Partial<SplitInput> & Pick<SplitInput, 'target'>) =>
    splitLedger({ writers: 1, entries, targetTimeline: 2, ...input });

  test('an xid › is matched on the timeline that it was acknowledged on, and there up to where it was left', async () => {
    const rows = [entry(1, 101), entry(2, 102), entry(3, 103, { timeline: 2 }), entry(4, 104, { timeline: 2 })];
    const way = across(records, until(3));
    expect(way.order.commitsOn(1)).toBe(2);
    expect(await place({ entries: rows, target: way })).toMatchObject({
      before: '1-3',
      discardedBefore: '4',
      boundary: { timeline: 2, xid: '104' },
    });
  });

  test('a boundary on the timeline before › leaves out all that comes after it, on both', async () => {
    const rows = [entry(1, 101), entry(2, 102), entry(3, 103, { timeline: 2 })];
    expect(await place({ entries: rows, target: across(records, until(1)) })).toMatchObject({
      before: '1',
      discardedBefore: '2-3',
      boundary: { timeline: 1, xid: '102' },
    });
  });

  test('past the place where its timeline was left › abandoned, by its record there', async () => {
    const way = across(records, until(9), false);
    way.order.addLeft(1, records[2]!);
    const rows = [entry(3, 103), entry(9, 109)];
    expect(await place({ entries: rows, target: way })).toMatchObject({ abandoned: '3', unplaced: '9' });
  });

  test('no record, and all of its timeline was read up to where it was left › abandoned', async () => {
    const rows = [entry(9, 109)];
    expect(await place({ entries: rows, target: across(records, until(9)) })).toMatchObject({
      abandoned: '9',
      unplaced: '',
    });
    expect(await place({ entries: rows, target: across(records, until(9), false) })).toMatchObject({ unplaced: '9' });
  });

  test('a timeline that the history does not have › abandoned', async () => {
    const order = new WalOrder({ target: until(9), history: { ...history, timeline: 3 }, replayFrom: '0/5000000' });
    const way = { order, has: (timeline: number) => timeline !== 2, leftAndWhole: () => false, whole: true };
    expect(await place({ entries: [entry(5, 101, { timeline: 2 })], target: way, targetTimeline: 3 })).toMatchObject({
      abandoned: '5',
    });
  });

  test('what was committed before the backup › is there, whatever the target says', async () => {
    const order = new WalOrder({ target: until(0), history: { timeline: 1, ancestors: [] }, replayFrom: '0/5000200' });
    const commits = new Map([[1, NumberSet.from([[99, 100]])]]);
    order.addEarly({ commits, recent: wal([100, at(0)]), whole: true });
    for (const record of records) order.add(record);
    const way = { order, has: () => true, leftAndWhole: () => false, whole: true };
    const rows = [entry(1, 99), entry(2, 100), entry(3, 102), entry(4, 103)];
    expect(await place({ entries: rows, target: way, targetTimeline: 1 })).toMatchObject({
      before: '1-3',
      discardedBefore: '4',
      boundary: { xid: '103', lastKept: { xid: '102' } },
    });
  });
});

describe('split of the ledger › on later timelines', () => {
  const later = (seq: number, second: number, change: Partial<LedgerEntry> = {}): LedgerEntry =>
    entry(seq, 101, { timeline: 2, acknowledgedAt: `${at(second)}+00`, ...change });
  const moments = { fencedAt: `${at(10)}+00`, leadStartedAt: `${at(20)}+00` };

  test('acknowledged before the recovered node was told to lead › a replica of the old branch took it, on numbers that come again', async () => {
    const rows = [entry(1, 101), later(5, 9), later(6, 15), later(7, 20), later(8, 21)];
    expect(await split({ entries: rows, ...moments })).toMatchObject({
      before: '1',
      discardedBefore: '5',
      discardedDuring: '6',
      resumed: '7-8',
      firstResumedAck: `${at(20)}+00`,
      lastAcknowledgedBeforeFence: `${at(9)}+00`,
    });
  });

  test('nobody knows when it was told to lead › resumed', async () => {
    expect(await split({ entries: [later(5, 9)], fencedAt: moments.fencedAt })).toMatchObject({ resumed: '5' });
  });

  test('the recovered branch was read › each has its commit on it, or is no resumed write', async () => {
    // Timeline 2 left for 3 at 0/5000300.
    const history = { timeline: 3, ancestors: [{ timeline: 2, endLsn: '0/5000300', reason: '' }] };
    const order = new WalOrder({ target: { kind: 'latest' }, history, replayFrom: '0/5000000' });
    for (const record of records) order.add(record);
    const recovered = {
      order,
      has: (timeline: number) => timeline === 2 || timeline === 3,
      leftAndWhole: (timeline: number) => timeline === 2,
      whole: true,
    };
    const rows = [
      later(5, 21),
      later(6, 22, { xid: '104', timeline: 3 }),
      later(7, 23, { xid: '109' }),
      later(8, 24, { xid: '109', timeline: 3 }),
      later(9, 25, { timeline: 4 }),
    ];
    const placed = { resumed: '5-6', abandoned: '7', unplaced: '8', discardedDuring: '9' };
    expect(await split({ entries: rows, ...moments, recovered })).toMatchObject(placed);
    const broken = { ...recovered, leftAndWhole: () => false, whole: false };
    expect(await split({ entries: rows, ...moments, recovered: broken })).toMatchObject({
      resumed: '5-8',
      discardedDuring: '9',
    });
  });
});

describe('split of the ledger › transactions of several rows', () => {
  test('are noted whatever became of them, save for those that were refused', async () => {
    const rows = [
      entry(1, 101, { parts: 2 }),
      entry(2, 102),
      entry(3, 103, { parts: 4 }),
      entry(4, 104, { parts: 3, state: 'indeterminate' }),
      entry(5, 105, { parts: 3, state: 'failed' }),
    ];
    expect(await split({ entries: rows })).toMatchObject({ multiRow: '1,3-4', before: '1-2', discardedBefore: '3' });
  });
});

describe('split of the ledger › up to a hole of the archive', () => {
  const latest: RecoveryTarget = { kind: 'latest' };

  test('what the way, whole up to there, does not have was committed behind it › given up, not lost', async () => {
    const before = records.slice(0, 2);
    const asked = { records: before, target: latest, fencedAt: `${at(5)}+00` };
    expect(await split({ ...asked, endsAtGap: true })).toMatchObject({
      before: '1-2',
      discardedBefore: '3-4',
      unplaced: '',
    });
    // Without the hole that was asked for, nobody knows where they are.
    expect(await split(asked)).toMatchObject({ before: '1-2', discardedBefore: '', unplaced: '3-4' });
  });

  test('acknowledged behind the fence › thrown away by the recovery; a way that is not whole tells nothing', async () => {
    const asked = { records: records.slice(0, 2), target: latest, endsAtGap: true };
    expect(await split({ ...asked, fencedAt: `${at(0)}+00` })).toMatchObject({ discardedDuring: '3-4' });
    const cut = { ...way(latest, records.slice(0, 2), 1), whole: false };
    const entries = [entry(1, 101), entry(3, 103)];
    expect(await splitLedger({ writers: 4, entries, target: cut, targetTimeline: 1, endsAtGap: true })).toMatchObject({
      before: '1',
      unplaced: '3',
    });
  });
});

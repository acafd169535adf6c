import v8 from 'node:v8';
import vm from 'node:vm';
import type { WalRecord } from '../../formats/waldump';
import type { LedgerEntry } from './entry';
import { splitLedger } from './split';
import { LedgerTally } from './tally';
import { WalOrder } from './wal-order';

const TRANSACTIONS = 1_000_000;
const BOUNDARY = 100_000;
/** Bytes: what a million transactions may leave in memory, all kinds together. As objects they took some 500 MB. */
const BOUND = 16_000_000;

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

function inUse(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0');
/** Two thousand a second from 06:00:00 on; from tables, as a look at a global costs much in Jest's sandbox. */
const micros = Array.from({ length: 2000 }, (_, index) => digits(index * 500, 6));
const seconds = Array.from(
  { length: 500 },
  (_, index) => `06:${digits(Math.floor(index / 60), 2)}:${digits(index % 60, 2)}`,
);
const clock = (number: number): string => `${seconds[(number / 2000) | 0]}.${micros[number % 2000]}`;
const lsn = (number: number): string => `0/${(0x5000000 + number * 0x40).toString(16).toUpperCase()}`;
/** Clients cross: of each eight transactions the commits come in another order than the xids. */
const crossed = (number: number): number => (number & ~7) | ((number * 3 + 5) & 7);

function record(number: number): WalRecord {
  const xid = `${5_000 + crossed(number)}`;
  return {
    rmgr: 'Transaction',
    lsn: lsn(number),
    prev: lsn(number - 1),
    tx: xid,
    length: 34,
    totalLength: 34,
    operation: 'COMMIT',
    detail: '',
    transaction: { action: 'COMMIT', xid, time: `2026-11-21 ${clock(number)}+00` },
  };
}

const entry = (number: number): LedgerEntry => ({
  seq: number + 1,
  parts: number % 8 === 0 ? 2 : 1,
  writer: number % 32,
  sentAt: `2026-11-21T${clock(number)}Z`,
  member: 'db1',
  xid: `${3 * 2 ** 32 + 5_000 + number}`,
  timeline: 1,
  acknowledgedAt: `2026-11-21T${clock(number)}Z`,
  state: 'acknowledged',
});

test('a million transactions › are counted and placed in memory that does not grow with them', async () => {
  const before = inUse();
  let most = 0;
  const look = (number: number): void => {
    if (number % 250_000 === 0) most = Math.max(most, inUse() - before);
  };
  const history = { timeline: 1, ancestors: [] };
  const target = { kind: 'time', time: `2026-11-21 ${clock(BOUNDARY - 1)}+00`, inclusive: true } as const;
  const order = new WalOrder({ target, history, replayFrom: '0/5000000' });
  const tally = new LedgerTally();
  for (let number = 0; number < TRANSACTIONS; number += 1) {
    order.add(record(number));
    tally.add(entry(number), 1);
    look(number);
  }
  function* entries(): Generator<LedgerEntry> {
    for (let number = 0; number < TRANSACTIONS; number += 1) {
      look(number);
      yield entry(number);
    }
  }
  const placed = await splitLedger({
    writers: 32,
    entries: entries(),
    target: { order, has: (timeline) => timeline === 1, leftAndWhole: () => false, whole: true },
    targetTimeline: 1,
  });
  most = Math.max(most, inUse() - before);
  expect(placed).toMatchObject({
    sent: TRANSACTIONS,
    before: `1-${BOUNDARY}`,
    discardedBefore: `${BOUNDARY + 1}-${TRANSACTIONS}`,
    unplaced: '',
  });
  expect(tally.terms).toMatchObject([{ member: 'db1', acknowledged: TRANSACTIONS }]);
  expect(most).toBeLessThan(BOUND);
});

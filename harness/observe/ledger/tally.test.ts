import type { LedgerEntry } from './entry';
import { LedgerTally } from './tally';

const at = (second: number): string => `2026-11-21T06:40:${String(second).padStart(2, '0')}.000000Z`;
const entry = (second: number, change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  seq: second,
  parts: 1,
  writer: 1,
  sentAt: at(second - 1),
  member: 'db1',
  xid: '900',
  timeline: 1,
  acknowledgedAt: at(second),
  state: 'acknowledged',
  ...change,
});
const tallied = (...entries: [entry: LedgerEntry, session?: number][]): LedgerTally => {
  const tally = new LedgerTally();
  for (const [one, session = 1] of entries) tally.add(one, session);
  return tally;
};

describe('tally of a ledger', () => {
  test('terms › one for each leader and timeline, from its first acknowledgement to its last', () => {
    const tally = tallied(
      [entry(5)],
      [entry(3, { writer: 2, sentAt: at(4) })],
      [entry(7, { member: 'db2', timeline: 2 })],
      [entry(9, { state: 'indeterminate', acknowledgedAt: undefined })],
      [entry(8, { state: 'failed', acknowledgedAt: undefined })],
    );
    expect(tally.terms).toEqual([
      {
        member: 'db1',
        timeline: 1,
        firstAcknowledgedAt: at(3),
        lastAcknowledgedAt: at(5),
        lastSentAt: at(4),
        acknowledged: 2,
      },
      {
        member: 'db2',
        timeline: 2,
        firstAcknowledgedAt: at(7),
        lastAcknowledgedAt: at(7),
        lastSentAt: at(6),
        acknowledged: 1,
      },
    ]);
    expect([tally.sent, tally.acknowledged]).toEqual([5, 3]);
  });

  test('two leaders at once › answers that cross are two terms, not many', () => {
    const tally = tallied(
      ...[1, 2, 3, 4, 5, 6].map((second): [LedgerEntry] => [
        entry(second, second % 2 === 0 ? { member: 'db2', timeline: 2 } : {}),
      ]),
    );
    expect(tally.terms.map(({ member, acknowledged }) => [member, acknowledged])).toEqual([
      ['db1', 3],
      ['db2', 3],
    ]);
  });

  test('a member that was away and comes back on a timeline of the same number › is another term', () => {
    const tally = tallied(
      [entry(1, { member: 'db2', timeline: 2 }), 1],
      [entry(5, { member: 'db2', timeline: 2 }), 2],
      [entry(6, { member: 'db2', timeline: 2 }), 2],
    );
    expect(tally.terms.map(({ acknowledged }) => acknowledged)).toEqual([1, 2]);
    expect(tally.firstAcknowledgedAfter(1)).toBe(at(1));
    expect(tally.firstAcknowledgedAfter(1, at(4))).toBe(at(5));
  });

  test('first acknowledgement after a timeline › none yet, or the earliest', () => {
    const tally = tallied([entry(1)], [entry(4, { timeline: 3 })], [entry(3, { timeline: 2, member: 'db3' })]);
    expect(tally.firstAcknowledgedAfter(1)).toBe(at(3));
    expect(tally.firstAcknowledgedAfter(3)).toBeUndefined();
  });

  test('writers › are counted by their last acknowledgement', () => {
    const tally = tallied(
      [entry(1)],
      [entry(5)],
      [entry(2, { writer: 2 })],
      [entry(6, { writer: 2, state: 'failed' })],
    );
    expect(tally.writersWith(() => true)).toBe(2);
    expect(tally.writersWith((last) => last.acknowledgedAt > at(3))).toBe(1);
  });
});

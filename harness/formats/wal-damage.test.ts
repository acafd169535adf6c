import { damageOf, isCompressed } from './wal-damage';
import type { EndOfWal } from './waldump-end';

const segments = ['000000010000000000000004', '000000020000000000000005', '000000020000000000000006'];
const size = 16 * 1024 * 1024;
const bad = (change: Partial<EndOfWal & { kind: 'bad-record' }>): EndOfWal => ({
  kind: 'bad-record',
  lastLsn: '0/4FFFFC8',
  atLsn: '0/5000028',
  reason: 'incorrect resource manager data checksum in record at 0/5000028',
  unwritten: false,
  ...change,
});

describe('damage in archived WAL', () => {
  it('is in the segment in which reading gave up, by the name that it has', () => {
    expect(damageOf(bad({}), segments, size)).toEqual({
      segment: '000000020000000000000005',
      reason: 'incorrect resource manager data checksum in record at 0/5000028',
      lastLsn: '0/4FFFFC8',
    });
  });

  it('without a place in the message is where the last record was', () => {
    expect(damageOf(bad({ atLsn: null }), segments, size)).toMatchObject({ segment: segments[0] });
  });

  it('is what was never written, but for the last segment', () => {
    expect(damageOf(bad({ unwritten: true }), segments, size)).toMatchObject({ segment: segments[1] });
    expect(damageOf(bad({ unwritten: true, atLsn: '0/6000100' }), segments, size)).toBeUndefined();
  });

  it('is nothing else than a record: where reading came to the end, or could not begin', () => {
    expect(damageOf(null, segments, size)).toBeUndefined();
    expect(damageOf({ kind: 'no-record', afterLsn: '0/4000000' }, segments, size)).toBeUndefined();
    expect(damageOf({ kind: 'unreadable', reason: 'no such program' }, segments, size)).toBeUndefined();
  });
});

it('a compressed file is told by how it begins', () => {
  expect(['1f8b', '28B5', 'fd37'].every(isCompressed)).toBe(true);
  expect(isCompressed('10d1')).toBe(false);
});

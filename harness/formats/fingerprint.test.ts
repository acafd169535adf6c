import { FormatError } from './format-error';
import {
  addDigests,
  compareFingerprints,
  differingBuckets,
  digestFromHex,
  fromBuckets,
  sameFingerprint,
} from './fingerprint';

const MODULUS = 2n ** 128n;
const EMPTY_MD5 = 'd41d8cd98f00b204e9800998ecf8427e';

describe('fingerprint › sums', () => {
  it('adds modulo 2^128', () => {
    expect(addDigests('1', '2')).toBe('3');
    expect(addDigests(String(MODULUS - 1n), '1')).toBe('0');
    expect(addDigests(String(MODULUS - 1n), String(MODULUS - 1n))).toBe(String(MODULUS - 2n));
    expect(addDigests('-1', '0')).toBe(String(MODULUS - 1n));
    expect(addDigests(String(MODULUS * 5n + 7n), '0')).toBe('7');
  });

  it('does not depend on order, and counts equal rows twice', () => {
    const digests = [
      'd41d8cd98f00b204e9800998ecf8427e',
      'c4ca4238a0b923820dcc509a6f75849b',
      'ffffffffffffffffffffffffffffffff',
    ].map(digestFromHex);
    const sum = digests.reduce(addDigests, '0');
    expect([...digests].reverse().reduce(addDigests, '0')).toBe(sum);
    const [first = '0'] = digests;
    expect(addDigests(first, first)).not.toBe('0');
  });

  it('reads an md5', () => {
    expect(digestFromHex(EMPTY_MD5)).toBe('281949768489412648962353822266799178366');
    expect(digestFromHex('0'.repeat(31) + 'A')).toBe('10');
  });

  it.each(['', 'abc', '1.5', '1e10', ' 1'])('refuses %j as a sum', (text) => {
    expect(() => addDigests(text, '0')).toThrow(FormatError);
  });

  it.each(['', EMPTY_MD5.slice(1), `${EMPTY_MD5}0`, `0x${EMPTY_MD5.slice(2)}`])('refuses %j as a digest', (text) => {
    expect(() => digestFromHex(text)).toThrow(FormatError);
  });
});

describe('fingerprint › tables', () => {
  const table = fromBuckets({
    0: { rows: '2', sum: '5' },
    1: { rows: '1', sum: String(MODULUS - 1n) },
    10: { rows: '3', sum: '9' },
  });

  it('adds up its buckets', () => {
    expect(table).toMatchObject({ rows: '6', sum: '13' });
    expect(fromBuckets({})).toEqual({ rows: '0', sum: '0', buckets: {} });
  });

  it('is the same only with the same rows and the same sum', () => {
    expect(sameFingerprint(table, { rows: '6', sum: '13' })).toBe(true);
    expect(sameFingerprint(table, { rows: '6', sum: String(MODULUS + 13n) })).toBe(true);
    expect(sameFingerprint(table, { rows: '6', sum: '14' })).toBe(false);
    expect(sameFingerprint(table, { rows: '5', sum: '13' })).toBe(false);
  });

  it('sees a row that went from one bucket to another though count and sum stayed', () => {
    const moved = fromBuckets({ 0: { rows: '1', sum: '4' }, 1: { rows: '2', sum: '0' }, 10: { rows: '3', sum: '9' } });
    expect(sameFingerprint(table, moved)).toBe(true);
    expect(differingBuckets(table, moved)).toEqual(['0', '1']);
  });

  it('takes a missing bucket for an empty one, and orders by number', () => {
    expect(differingBuckets(table, fromBuckets({}))).toEqual(['0', '1', '10']);
    expect(differingBuckets(table, fromBuckets({ ...table.buckets, 7: { rows: '0', sum: '0' } }))).toEqual([]);
    expect(
      differingBuckets(
        fromBuckets({}),
        fromBuckets({ 10: { rows: '1', sum: '1' }, 9: { rows: '1', sum: '1' }, a: { rows: '1', sum: '1' } }),
      ),
    ).toEqual(['10', '9', 'a']);
  });

  it('does not narrow what has no buckets', () => {
    expect(differingBuckets(table, { rows: '6', sum: '14' })).toBeNull();
  });

  it.each([
    ['same', { rows: '6', sum: '13', method: 'm' }],
    ['content', { rows: '6', sum: '14', method: 'm' }],
    ['rows', { rows: '5', sum: '13', method: 'm' }],
    ['rows', { rows: '5', sum: '13', method: 'other' }],
    ['incomparable', { rows: '6', sum: '13', method: 'other' }],
    ['incomparable', { rows: '6', sum: '13' }],
    ['incomparable', { rows: '6', sum: '13', method: 'm', sampledOneIn: 8 }],
  ] as const)('%s: %j', (said, other) => {
    expect(compareFingerprints({ rows: '6', sum: '13', method: 'm' }, other)).toBe(said);
  });
});

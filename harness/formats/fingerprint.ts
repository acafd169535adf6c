import { FormatError } from './format-error';

/**
 * Fingerprint of a table: its row count and the sum of its rows' digests modulo 2^128, as decimal text. A sum does not
 * depend on the order in which rows were read, and unlike XOR it does not lose pairs of equal rows.
 */
export interface Fingerprint {
  rows: string;
  sum: string;
}

/** The same for a whole table, and for each bucket of its rows where it was asked for. */
export interface TableFingerprint extends Fingerprint {
  buckets?: Record<string, Fingerprint>;
}

const MODULUS_BITS = 128;

/**
 * Adds two digests or sums modulo 2^128.
 * @param a @param b whole decimal numbers of any size, as PostgreSQL prints a numeric; negative ones count from 2^128 down
 * @throws FormatError when one is no whole number
 */
export function addDigests(a: string, b: string): string {
  return String(BigInt.asUintN(MODULUS_BITS, whole(a) + whole(b)));
}

/**
 * A digest of 32 hexadecimal digits, as md5() gives it, as the decimal text that sums are made of.
 * @throws FormatError when it is not 32 hexadecimal digits
 */
export function digestFromHex(hex: string): string {
  if (!/^[0-9a-fA-F]{32}$/.test(hex)) throw new FormatError('digest', hex, 'expected 32 hexadecimal digits');
  return String(BigInt(`0x${hex}`));
}

/** A table's fingerprint from those of its buckets: the counts added, the sums added modulo 2^128. */
export function fromBuckets(buckets: Record<string, Fingerprint>): TableFingerprint {
  let rows = 0n;
  let sum = '0';
  for (const bucket of Object.values(buckets)) {
    rows += count(bucket.rows);
    sum = addDigests(sum, bucket.sum);
  }
  return { rows: String(rows), sum, buckets };
}

/** Whether row count and sum are equal; a sum not reduced modulo 2^128 equals its reduced self. */
export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return count(a.rows) === count(b.rows) && addDigests(a.sum, '0') === addDigests(b.sum, '0');
}

/** A fingerprint with how it was made. */
export interface MadeFingerprint extends Fingerprint {
  method?: string | undefined;
  sampledOneIn?: number | undefined;
}

/**
 * What two fingerprints of one table say: `same`; other `rows`, by their count; other `content` though as many rows; or
 * `incomparable`, when as many rows were digested in two ways (another method, or one key in another many).
 */
export function compareFingerprints(
  a: MadeFingerprint,
  b: MadeFingerprint,
): 'same' | 'rows' | 'content' | 'incomparable' {
  if (count(a.rows) !== count(b.rows)) return 'rows';
  if (a.method !== b.method || a.sampledOneIn !== b.sampledOneIn) return 'incomparable';
  return sameFingerprint(a, b) ? 'same' : 'content';
}

/**
 * The buckets in which two fingerprints differ, a missing bucket counting as an empty one; in the order of their numbers
 * where all are numbers, else as text.
 * @returns null when one of them has no buckets, so that a difference cannot be narrowed
 */
export function differingBuckets(a: TableFingerprint, b: TableFingerprint): string[] | null {
  const left = a.buckets;
  const right = b.buckets;
  if (!left || !right) return null;
  const empty: Fingerprint = { rows: '0', sum: '0' };
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const differing = names.filter((name) => !sameFingerprint(left[name] ?? empty, right[name] ?? empty));
  const numbered = differing.every((name) => /^\d+$/.test(name));
  return differing.sort((x, y) => (numbered ? Number(x) - Number(y) : x < y ? -1 : 1));
}

function whole(text: string): bigint {
  if (!/^-?\d+$/.test(text)) throw new FormatError('digest sum', text, 'expected a whole decimal number');
  return BigInt(text);
}

function count(text: string): bigint {
  if (!/^\d+$/.test(text)) throw new FormatError('row count', text, 'expected a whole number that is not negative');
  return BigInt(text);
}

import { FormatError } from './format-error';

/**
 * WAL locations (log sequence numbers): a byte position in the WAL, written as two hexadecimal halves of 32 bits.
 * PostgreSQL documentation, 8.20 "pg_lsn Type". pg_waldump pads the lower half with zeros, the server does not:
 * compare with `compareLsn`, never as text.
 */
const LSN = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/;
const LOWER_HALF = 0xffffffffn;
export const MAX_LSN = 0xffffffffffffffffn;

/**
 * Reads an LSN such as `0/3000148` as a byte position.
 * @throws FormatError when it is not two hexadecimal numbers of at most eight digits
 */
export function parseLsn(text: string): bigint {
  const match = LSN.exec(text);
  if (!match)
    throw new FormatError('LSN', text, 'expected two hexadecimal numbers of up to 8 digits, such as 0/3000148');
  return (BigInt(`0x${match[1]}`) << 32n) | BigInt(`0x${match[2]}`);
}

/**
 * Writes a byte position as the server does: upper-case, no leading zeros.
 * @throws FormatError when it does not fit in 64 bits
 */
export function formatLsn(position: bigint): string {
  if (position < 0n || position > MAX_LSN) throw new FormatError('LSN', String(position), 'does not fit in 64 bits');
  return `${hex(position >> 32n)}/${hex(position & LOWER_HALF)}`;
}

/** The same LSN in the server's own spelling: `0/03017FD8` becomes `0/3017FD8`. */
export function canonicalLsn(text: string): string {
  return formatLsn(parseLsn(text));
}

/** Bytes from `b` to `a`, that is `a - b` as pg_wal_lsn_diff() counts; negative when `a` is earlier. */
export function lsnDifference(a: string, b: string): bigint {
  return parseLsn(a) - parseLsn(b);
}

/** Orders two LSNs: -1 when `a` is earlier, 0 when they are the same position, 1 when `a` is later. */
export function compareLsn(a: string, b: string): -1 | 0 | 1 {
  const difference = lsnDifference(a, b);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

function hex(value: bigint): string {
  return value.toString(16).toUpperCase();
}

import { FormatError } from './format-error';
import { formatLsn } from './lsn';

/** PostgreSQL's block size, as every Debian package has it (`BLCKSZ`). Pages are in the machine's byte order: little-endian here. */
export const PAGE_BYTES = 8192;
/** The header, before the line pointers (bufpage.h, `SizeOfPageHeaderData`). */
export const HEADER_BYTES = 24;
const LINE_POINTER_BYTES = 4;
/** Bits of `pd_flags` that mean something (bufpage.h, `PD_VALID_FLAG_BITS`). */
const KNOWN_FLAGS = 0x0007;

/** A page's header: bufpage.h, `PageHeaderData`; documentation, 73.6 "Database Page Layout". */
export interface PageHeader {
  lsn: string;
  checksum: number;
  hasFreeLines: boolean;
  full: boolean;
  allVisible: boolean;
  /** Where free space begins, after the line pointers. */
  lower: number;
  /** Where free space ends, before the items. */
  upper: number;
  /** Where an access method's own space begins; the page's length where it has none. */
  special: number;
  size: number;
  version: number;
  pruneXid: number;
}

/** What a line pointer says of its item (itemid.h, `lp_flags`). */
export type LineState = 'unused' | 'normal' | 'redirect' | 'dead';
const STATES: readonly LineState[] = ['unused', 'normal', 'redirect', 'dead'];

/** A line pointer: itemid.h, `ItemIdData`. */
export interface LinePointer {
  /** From 1, as in a ctid. */
  line: number;
  state: LineState;
  /** Byte at which the item begins; of a redirect, the line that it points to. */
  offset: number;
  /** Bytes of the item. */
  length: number;
}

/**
 * Reads a page's header, and refuses what PostgreSQL refuses (`PageIsVerifiedExtended`: "invalid page in block").
 * @throws FormatError when it is no page, or one that was never written
 */
export function parsePageHeader(page: Buffer): PageHeader {
  if (page.length !== PAGE_BYTES) refuse(page, `expected ${PAGE_BYTES} bytes`);
  const flags = page.readUInt16LE(10);
  const sizeAndVersion = page.readUInt16LE(18);
  const header: PageHeader = {
    lsn: formatLsn((BigInt(page.readUInt32LE(0)) << 32n) | BigInt(page.readUInt32LE(4))),
    checksum: page.readUInt16LE(8),
    hasFreeLines: (flags & 1) !== 0,
    full: (flags & 2) !== 0,
    allVisible: (flags & 4) !== 0,
    lower: page.readUInt16LE(12),
    upper: page.readUInt16LE(14),
    special: page.readUInt16LE(16),
    size: sizeAndVersion & 0xff00,
    version: sizeAndVersion & 0x00ff,
    pruneXid: page.readUInt32LE(20),
  };
  const { lower, upper, special } = header;
  if (upper === 0) refuse(page, 'it was never written');
  if ((flags & ~KNOWN_FLAGS) !== 0) refuse(page, `unknown flags 0x${flags.toString(16)}`);
  if (header.size !== PAGE_BYTES) refuse(page, `it says that it has ${header.size} bytes`);
  if (lower < HEADER_BYTES || lower > upper || upper > special || special > PAGE_BYTES || special % 8 !== 0)
    refuse(page, `lower ${lower}, upper ${upper} and special ${special} are in no order`);
  return header;
}

/** Every line pointer of a page, in order. @throws FormatError when it is no page */
export function linePointers(page: Buffer): LinePointer[] {
  const { lower } = parsePageHeader(page);
  const count = (lower - HEADER_BYTES) / LINE_POINTER_BYTES;
  return Array.from({ length: Math.floor(count) }, (_, index) => {
    // lp_off:15, lp_flags:2, lp_len:15: bit-fields fill a word from its low end (gcc, clang on little-endian machines).
    const word = page.readUInt32LE(placeOf(index + 1));
    return {
      line: index + 1,
      state: STATES[(word >>> 15) & 3]!,
      offset: word & 0x7fff,
      length: word >>> 17,
    };
  });
}

/** One line pointer whose item is there. @throws FormatError when the page has no such line, or no item at it */
export function normalLine(page: Buffer, line: number): LinePointer {
  const lines = linePointers(page);
  const found = lines[line - 1];
  if (!found) refuse(page, `it has ${lines.length} lines, and none numbered ${line}`);
  if (found.state !== 'normal') refuse(page, `its line ${line} is ${found.state}`);
  return found;
}

/** Writes a line pointer in place. */
export function writeLine(page: Buffer, { line, state, offset, length }: LinePointer): void {
  page.writeUInt32LE(((length << 17) | (STATES.indexOf(state) << 15) | offset) >>> 0, placeOf(line));
}

function placeOf(line: number): number {
  return HEADER_BYTES + (line - 1) * LINE_POINTER_BYTES;
}

function refuse(page: Buffer, reason: string): never {
  throw new FormatError('page', page.subarray(0, HEADER_BYTES).toString('hex'), reason);
}
